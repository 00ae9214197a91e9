package dev.berth.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.json.BerthJson;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Makes REST speak the same JSON as the wire and the store. */
@Singleton
class JsonConventions implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        BerthJson.configure(mapper);
    }
}
