package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The functions of the C library that Java lacks. Each throws with {@code errno} when it returns −1. */
interface LibcLibrary extends Library {
    LibcLibrary INSTANCE = Native.load("c", LibcLibrary.class);

    long syscall(long number, Object... arguments) throws LastErrorException;

    int open(String path, int flags, Object... mode) throws LastErrorException;

    long lseek(int descriptor, long offset, int whence) throws LastErrorException;

    int close(int descriptor) throws LastErrorException;

    int epoll_create1(int flags) throws LastErrorException;

    int epoll_ctl(int epoll, int operation, int descriptor, Pointer event) throws LastErrorException;

    int epoll_wait(int epoll, Pointer events, int most, int milliseconds) throws LastErrorException;

    int eventfd(int value, int flags) throws LastErrorException;

    long write(int descriptor, byte[] data, long count) throws LastErrorException;

    int ioctl(int descriptor, long request, Object... argument) throws LastErrorException;

    int mount(@Nullable String source, String target, @Nullable String type, long flags, @Nullable String options)
            throws LastErrorException;

    int umount2(String target, int flags) throws LastErrorException;

    int flock(int descriptor, int operation) throws LastErrorException;

    int syncfs(int descriptor) throws LastErrorException;
}
