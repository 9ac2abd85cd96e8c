package io.kaitoflow.activities.dataset.download;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * What a name leads to.
 *
 * @param address as the name service answered
 */
record ResolvedAddress(InetAddress address) {

    /** Azure's wire server: a public-looking address that answers only inside a virtual machine. */
    private static final String AZURE_WIRE_SERVER = "168.63.129.16";

    /** Where clouds tell a machine about itself, its credentials included, beside the link-local addresses: Azure, AWS, Alibaba, Oracle. */
    private static final Set<String> METADATA =
            Set.of(AZURE_WIRE_SERVER, "fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "192.0.0.192");

    /** Whether everybody in the internet would get there. */
    boolean isPublic() {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet4Address four ? isPublic(four) : isPublicSix();
    }

    /** Whether secrets of the machine itself may be had there. */
    boolean isMetadata() {
        return address.isLinkLocalAddress()
                || METADATA.contains(address.getHostAddress())
                || translated().filter(ResolvedAddress::isMetadata).isPresent();
    }

    private static boolean isPublic(Inet4Address address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean thisNetwork = first == 0;
        boolean carrierGrade = first == 100 && (second & 0xc0) == 64;
        boolean protocolAssignments = first == 192 && second == 0 && bytes[2] == 0;
        boolean benchmarking = first == 198 && (second & 0xfe) == 18;
        boolean reserved = first >= 240;
        return !thisNetwork
                && !carrierGrade
                && !protocolAssignments
                && !benchmarking
                && !reserved
                && !address.getHostAddress().equals(AZURE_WIRE_SERVER);
    }

    private boolean isPublicSix() {
        boolean uniqueLocal = (address.getAddress()[0] & 0xfe) == 0xfc;
        return !uniqueLocal && translated().map(ResolvedAddress::isPublic).orElse(true);
    }

    /** NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address that a gateway would connect to. */
    private Optional<ResolvedAddress> translated() {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return Optional.empty();
        }
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        int start = nat64 ? 12 : 2;
        return nat64 || sixToFour ? Optional.of(of(Arrays.copyOfRange(bytes, start, start + 4))) : Optional.empty();
    }

    private static ResolvedAddress of(byte[] four) {
        try {
            return new ResolvedAddress(InetAddress.getByAddress(four));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are always an address", e);
        }
    }
}
