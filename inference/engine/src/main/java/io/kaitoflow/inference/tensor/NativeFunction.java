package io.kaitoflow.inference.tensor;

import java.lang.invoke.MethodHandle;

/** A function of a C library, which throws nothing. */
record NativeFunction(MethodHandle handle) {

    /** Calls a function that returns an int. */
    @SuppressWarnings("IllegalCatch") // A method handle declares Throwable; a call into C throws nothing.
    int intOf(Object... arguments) {
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("A call into C cannot throw", e);
        }
    }
}
