package dev.berth.driver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How long a remote caller waits for a method; without it, 30 seconds. Streams without an end have none. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Deadline {
    /** Seconds; 0 for no deadline. */
    long seconds();
}
