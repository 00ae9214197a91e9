package dev.berth.ffi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exported C functions of liblxc that Berth calls, from {@code lxc/lxccontainer.h}; everything else of it is reached
 * through the function pointers of {@code struct lxc_container}, see {@link LxcContainer}.
 */
public interface LxcLibrary extends Library {
    static LxcLibrary load() {
        return Native.load("lxc", LxcLibrary.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }

    @Nullable
    Pointer lxc_container_new(String name, String configPath);

    int lxc_container_put(Pointer container);

    String lxc_get_version();
}
