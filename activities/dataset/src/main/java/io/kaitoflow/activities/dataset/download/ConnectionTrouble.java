package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.activities.dataset.download.DownloadException.Passing;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/**
 * Puts a failed exchange into words. The JDK's exceptions seldom have a message of use:
 *
 * <pre>
 * name without address   ConnectException without message, caused by UnresolvedAddressException
 * nobody listens         ConnectException without message
 * filtered               HttpConnectTimeoutException "HTTP connect timed out"
 * server breaks off      IOException "closed" or "EOF reached while reading"
 * bad certificate        SSLHandshakeException with a long story
 * </pre>
 */
final class ConnectionTrouble {

    private ConnectionTrouble() {}

    static Passing passing(String address, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return Passing.noConnection(address + ": the host's name has no address", failure);
            }
            if (cause instanceof SSLException) {
                return Passing.noConnection(
                        address + ": no trusted TLS connection (" + cause.getMessage() + ")", failure);
            }
        }
        return switch (failure) {
            case HttpConnectTimeoutException _ ->
                Passing.noConnection(address + " did not accept a connection in time", failure);
            case ConnectException _ -> Passing.noConnection(address + " does not accept connections", failure);
            default -> Passing.interrupted(address + " broke off (" + failure.getMessage() + ")", failure);
        };
    }
}
