package dev.drydock.house;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A static program of some two hundred bytes that makes one system call and ends with its error number, 0 if it succeeds:
 * for tests that must tell why something is refused, on machines without a compiler.
 */
public final class SystemCall {
    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;

    private SystemCall() {}

    /**
     * The program.
     *
     * @param numbers the call's number by {@code os.arch}
     * @param arguments six at most: an Integer or Long as it is, a String as the address of its bytes, a byte array likewise
     */
    public static byte[] number(Map<String, Integer> numbers, Object... arguments) {
        String arch = System.getProperty("os.arch");
        Integer number = numbers.get(arch);
        Requires.that(number != null, "needs a machine of " + numbers.keySet());
        boolean arm = arch.equals("aarch64");
        // the length of the code does not depend on the addresses in it
        int length = code(arm, number, arguments, 0).length;
        byte[] code = code(arm, number, arguments, BASE + HEADERS + length);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Object argument : arguments) {
            data.writeBytes(bytes(argument));
        }
        int size = HEADERS + code.length + data.size();
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort((short) (arm ? AARCH64 : X86_64)).putInt(1);
        elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        elf.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(7).putLong(0).putLong(BASE).putLong(BASE);
        elf.putLong(size).putLong(size).putLong(0x1000);
        return elf.put(code).put(data.toByteArray()).array();
    }

    private static byte[] bytes(Object argument) {
        return switch (argument) {
            case String text -> (text + "\0").getBytes(StandardCharsets.UTF_8);
            case byte[] raw -> raw;
            default -> new byte[0];
        };
    }

    private static byte[] code(boolean arm, int number, Object[] arguments, long data) {
        ByteBuffer code = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        long at = data;
        for (int i = 0; i < arguments.length; i++) {
            byte[] bytes = bytes(arguments[i]);
            long value = arguments[i] instanceof Number plain ? plain.longValue() : at;
            at += bytes.length;
            if (arm) {
                arm(code, i, value);
            } else {
                x86(code, i, value);
            }
        }
        if (arm) {
            arm(code, 8, number);
            code.putInt(0xd4000001); // svc #0
            code.putInt(0xf100001f); // cmp x0, #0
            code.putInt(0xda80a400); // cneg x0, x0, lt
            arm(code, 8, 93);
            code.putInt(0xd4000001);
        } else {
            code.put((byte) 0xb8).putInt(number); // mov eax, number
            code.put(new byte[] {0x0f, 0x05}); // syscall
            code.put(new byte[] {0x31, (byte) 0xff}); // xor edi, edi
            code.put(new byte[] {0x48, (byte) 0x85, (byte) 0xc0, 0x79, 0x05}); // test rax, rax; jns over the next two
            code.put(new byte[] {(byte) 0xf7, (byte) 0xd8, (byte) 0x89, (byte) 0xc7, (byte) 0x90
            }); // neg eax; mov edi, eax
            code.put((byte) 0xb8).putInt(60).put(new byte[] {0x0f, 0x05}); // exit
        }
        byte[] made = new byte[code.position()];
        code.flip().get(made);
        return made;
    }

    /** {@code movabs} into rdi, rsi, rdx, r10, r8, r9. */
    private static void x86(ByteBuffer code, int index, long value) {
        byte[][] registers = {
            {0x48, (byte) 0xbf},
            {0x48, (byte) 0xbe},
            {0x48, (byte) 0xba},
            {0x49, (byte) 0xba},
            {0x49, (byte) 0xb8},
            {0x49, (byte) 0xb9}
        };
        code.put(registers[index]).putLong(value);
    }

    /** {@code movz} and three {@code movk}. */
    private static void arm(ByteBuffer code, int register, long value) {
        code.putInt((int) (0xd2800000L | (value & 0xffff) << 5 | register));
        for (int half = 1; half < 4; half++) {
            code.putInt((int) (0xf2800000L | (long) half << 21 | (value >>> 16 * half & 0xffff) << 5 | register));
        }
    }
}
