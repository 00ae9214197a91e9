package dev.berth.settings;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The database; read before anything else starts. */
@ConfigMapping(prefix = "berth.database")
public interface DatabaseSettings {
    @Setting("JDBC URL of a PostgreSQL, for example jdbc:postgresql://db/berth. Without it, one is run below the state"
            + " directory.")
    Optional<String> url();

    @Setting("User of that database.")
    Optional<String> username();

    @Setting("Password of that user.")
    Optional<String> password();
}
