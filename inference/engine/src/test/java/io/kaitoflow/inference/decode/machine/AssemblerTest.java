package io.kaitoflow.inference.decode.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.decode.machine.Assembler.Operation;
import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Register;
import io.kaitoflow.inference.decode.machine.Assembler.Width;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Instructions against the bytes that GNU as makes of the same text. */
class AssemblerTest {

    static Arguments[] loadsAndDotProducts() {
        return new Arguments[] {
            instruction(
                    "vmovdqu32 zmm16,[rdi+rbx*1+0x40]",
                    "62e17e486f441f01",
                    code -> code.vector(Operation.LOAD, 16, 0, new Place(Register.RDI, Register.RBX, 1, 0x40))),
            instruction(
                    "vpdpbusd zmm9,zmm17,dword ptr [rsi+rdx*2+0x1c]{1to16}",
                    "62727550504c5607",
                    code -> code.broadcasting(
                            Operation.DOT_BYTES, 9, 17, new Place(Register.RSI, Register.RDX, 2, 0x1c))),
            instruction(
                    "vpdpbusd zmm25,zmm30,dword ptr [r11+rdx*1+0x300]{1to16}",
                    "62420d50508c1300030000",
                    code -> code.broadcasting(
                            Operation.DOT_BYTES, 25, 30, new Place(Register.R11, Register.RDX, 1, 0x300))),
            instruction(
                    "vdpbf16ps zmm3,zmm18,dword ptr [r10+rdx*1+0x8]{1to16}",
                    "62d26e50525c1202",
                    code -> code.broadcasting(
                            Operation.DOT_BFLOAT16, 3, 18, new Place(Register.R10, Register.RDX, 1, 8))),
            instruction("vpandd zmm17,zmm16,zmm31", "62817d40dbcf", code -> code.vector(Operation.AND, 17, 16, 31)),
            instruction("vpslld zmm9,zmm24,8", "6291354872f008", code -> code.shiftLeft(9, 24, 8)),
            instruction("vpaddd zmm9,zmm24,zmm17", "62313d40fec9", code -> code.vector(Operation.ADD_INTS, 9, 24, 17)),
            instruction("vpsrlw zmm18,zmm26,4", "62916d4071d204", code -> code.shiftRight16(18, 26, 4)),
        };
    }

    static Arguments[] conversionsAndSums() {
        return new Arguments[] {
            instruction(
                    "vcvtph2ps zmm19,[rdi+r9*1+0x100]",
                    "62a27d48135c0f08",
                    code -> code.vector(
                            Operation.HALF_TO_FLOAT, 19, 0, new Place(Register.RDI, Register.R9, 1, 0x100))),
            instruction(
                    "vcvtdq2ps zmm12,zmm20", "62317c485be4", code -> code.vector(Operation.INT_TO_FLOAT, 12, 0, 20)),
            instruction(
                    "vmulps zmm21,zmm19,dword ptr [rsi+rdx*1+0x20]{1to16}",
                    "62e16450596c1608",
                    code -> code.broadcasting(
                            Operation.MULTIPLY, 21, 19, new Place(Register.RSI, Register.RDX, 1, 0x20))),
            instruction(
                    "vfmadd231ps zmm0,zmm8,zmm29",
                    "62923d48b8c5",
                    code -> code.vector(Operation.MULTIPLY_ADD, 0, 8, 29)),
            instruction(
                    "vpbroadcastd zmm8,dword ptr [r10+rdx*2+0x28]",
                    "62527d485844520a",
                    code -> code.vector(Operation.BROADCAST, 8, 0, new Place(Register.R10, Register.RDX, 2, 0x28))),
        };
    }

    static Arguments[] roundings() {
        return new Arguments[] {
            instruction("vaddps zmm1,zmm1,zmm30", "6291744858ce", code -> code.vector(Operation.ADD, 1, 1, 30)),
            instruction("vdivps xmm3,xmm2,xmm28", "62916c085edc", code -> code.vector(Operation.DIVIDE_FOUR, 3, 2, 28)),
            instruction("vbroadcastss zmm4,xmm4", "62f27d4818e4", code -> code.vector(Operation.SPREAD, 4, 0, 4)),
            instruction(
                    "vpsubd zmm17,zmm25,zmm8", "62c13540fac8", code -> code.vector(Operation.SUBTRACT_INTS, 17, 25, 8)),
            instruction(
                    "vpmaxsd zmm2,zmm18,zmm26", "62926d403dd2", code -> code.vector(Operation.GREATER_INTS, 2, 18, 26)),
            instruction(
                    "vshufi32x4 zmm8,zmm18,zmm2,0x4e",
                    "62736d4043c24e",
                    code -> code.vector(Operation.CHOOSE_QUARTERS, 8, 18, 2, 0x4e)),
            instruction(
                    "vpshufd zmm8,zmm18,0xb1",
                    "62317d4870c2b1",
                    code -> code.vector(Operation.CHOOSE_LANES, 8, 0, 18, 0xb1)),
            instruction(
                    "vpmovdb [rsi+0x30],zmm17",
                    "62e27e48314c2603",
                    code -> code.vector(Operation.STORE_LOW_BYTES, 17, 0, Place.at(Register.RSI, 0x30))),
            instruction(
                    "{evex} vmovss [rsi+0x48],xmm8",
                    "62717e4811442612",
                    code -> code.vector(Operation.STORE_LOWEST_LANE, 8, 0, Place.at(Register.RSI, 0x48))),
            instruction(
                    "vcvtneps2bf16 ymm9,zmm16",
                    "62327e4872c8",
                    code -> code.vector(Operation.FLOAT_TO_BFLOAT16, 9, 0, 16)),
            instruction(
                    "vmovdqu32 [rsi+0x40],ymm19",
                    "62e17e287f5c2602",
                    code -> code.vector(Operation.STORE_LOWER_HALF, 19, 0, Place.at(Register.RSI, 0x40))),
            instruction("vpsrad zmm7,zmm17,8", "62b1454872e108", code -> code.shiftRightSigned(7, 17, 8)),
        };
    }

    static Arguments[] instructionsOfGeneralRegisters() {
        return new Arguments[] {
            instruction("vpbroadcastd zmm31,eax", "62627d487cf8", code -> code.broadcast(31, Register.RAX)),
            instruction("mov r11,rsi", "4989f3", code -> code.move(Register.R11, Register.RSI)),
            instruction("add r10,rdx", "4901d2", code -> code.add(Register.R10, Register.RDX)),
            instruction(
                    "add rdi,[rsp+0x20]", "48037c2420", code -> code.add(Register.RDI, Place.at(Register.RSP, 0x20))),
            instruction("add rdi,0x140", "4881c740010000", code -> code.add(Register.RDI, 0x140)),
            instruction("vzeroupper; ret", "c5f877c3", Assembler::finish),
            instruction("loop: dec rax; jnz loop", "48ffc80f85f7ffffff", code -> code.countDown(Register.RAX, 0)),
            instruction("push rbx; pop rbx", "535b", code -> {
                code.push(Register.RBX);
                code.pop(Register.RBX);
            }),
        };
    }

    static Arguments[] instructionsOf256Bits() {
        return new Arguments[] {
            instruction(
                    "vmovdqu ymm8,[rdi+rbx*1+0x40]",
                    "c4617e6f441f40",
                    code -> code.vector(Operation.LOAD, 8, 0, new Place(Register.RDI, Register.RBX, 1, 0x40))),
            instruction(
                    "vmovups [rcx+r8*2+0x20],ymm5",
                    "c4a17c116c4120",
                    code -> code.vector(Operation.STORE, 5, 0, new Place(Register.RCX, Register.R8, 2, 0x20))),
            instruction("{vex3} vpand ymm10,ymm8,ymm12", "c4413ddbd4", code -> code.vector(Operation.AND, 10, 8, 12)),
            instruction(
                    "vpmaddwd ymm14,ymm10,ymm13",
                    "c4412df5f5",
                    code -> code.vector(Operation.MULTIPLY_PAIRS, 14, 10, 13)),
            instruction(
                    "{vex3} vpaddd ymm3,ymm3,ymm14", "c4c165fede", code -> code.vector(Operation.ADD_INTS, 3, 3, 14)),
            instruction("vpsrld ymm11,ymm9,12", "c4c12572d10c", code -> code.shiftRight(11, 9, 12)),
            instruction("vpsrlw ymm12,ymm12,12", "c4c11d71d40c", code -> code.shiftRight16(12, 12, 12)),
            instruction("vpslld ymm12,ymm12,16", "c4c11d72f410", code -> code.shiftLeft(12, 12, 16)),
            instruction(
                    "vpcmpeqw ymm12,ymm12,ymm12", "c4411d75e4", code -> code.vector(Operation.EQUAL_16, 12, 12, 12)),
            instruction(
                    "vpbroadcastd ymm13,dword ptr [r10+rdx*2+0x28]",
                    "c4427d586c5228",
                    code -> code.vector(Operation.BROADCAST, 13, 0, new Place(Register.R10, Register.RDX, 2, 0x28))),
            instruction(
                    "vcvtph2ps ymm8,[rdi+r9*1+0x110]",
                    "c4227d13840f10010000",
                    code -> code.vector(Operation.HALF_TO_FLOAT, 8, 0, new Place(Register.RDI, Register.R9, 1, 0x110))),
            instruction(
                    "{vex3} vcvtdq2ps ymm3,ymm3", "c4e17c5bdb", code -> code.vector(Operation.INT_TO_FLOAT, 3, 0, 3)),
            instruction("vmulps ymm13,ymm13,ymm8", "c4411459e8", code -> code.vector(Operation.MULTIPLY, 13, 13, 8)),
            instruction(
                    "vfmadd231ps ymm14,ymm3,ymm13",
                    "c44265b8f5",
                    code -> code.vector(Operation.MULTIPLY_ADD, 14, 3, 13)),
        };
    }

    private static Arguments instruction(String text, String bytes, Consumer<Assembler> writer) {
        return Arguments.of(text, bytes, writer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"loadsAndDotProducts", "conversionsAndSums", "roundings", "instructionsOfGeneralRegisters"})
    void writesTheBytesOfTheInstruction(String text, String bytes, Consumer<Assembler> writer) {
        assertThat(written(Width.BITS_512, writer)).as(text).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("instructionsOf256Bits")
    void writesTheBytesOfTheInstructionOf256Bits(String text, String bytes, Consumer<Assembler> writer) {
        assertThat(written(Width.BITS_256, writer)).as(text).isEqualTo(bytes);
    }

    private static String written(Width width, Consumer<Assembler> writer) {
        Assembler code = new Assembler(width);
        writer.accept(code);
        return HexFormat.of().formatHex(code.bytes());
    }
}
