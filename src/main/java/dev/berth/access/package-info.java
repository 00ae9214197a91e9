/**
 * Who may do what: local users, API tokens, browser sessions and the first set-up.
 *
 * <p>Authorization is by annotations on methods, deny by default, never by path patterns. Roles contain each other:
 * viewer, operator, admin. Sessions are rows, so that every controller knows them and logout ends them everywhere. The
 * throttle of logins is kept in memory of one controller: an attacker gains at most a factor of the number of
 * controllers.
 */
@NullMarked
package dev.berth.access;

import org.jspecify.annotations.NullMarked;
