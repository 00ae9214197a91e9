package dev.berth.sql;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A service whose rows are entities. What fails in it, the commit of its transaction included, fails as in {@link Sql}; an entity
 * that another transaction has changed since it was read is DATABASE_UNAVAILABLE, too, for it can be tried again.
 */
@Inherited
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Mapped {}
