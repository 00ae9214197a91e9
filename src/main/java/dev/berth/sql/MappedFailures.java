package dev.berth.sql;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;

/** Makes a {@link BerthException} of what Hibernate and the commit throw. */
@Mapped
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 100) // around the transaction, which is at 200
class MappedFailures {
    @AroundInvoke
    Object translate(InvocationContext call) throws Exception {
        try {
            return call.proceed();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    static RuntimeException translated(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BerthException known) {
                return known;
            }
            if (cause instanceof SQLException e) {
                return Sql.translate(e);
            }
            if (cause instanceof OptimisticLockException) {
                return BerthException.of(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "Somebody else changed this at the same time, so nothing of it was done; try again.",
                        failure);
            }
        }
        return failure;
    }
}
