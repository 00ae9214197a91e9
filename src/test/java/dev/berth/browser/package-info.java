/**
 * Tests in a real Chromium against the packaged product. {@link dev.berth.browser.Chromium} is the browser,
 * {@link dev.berth.browser.Journey} the page object: it says what a viewer does, so that tests read as a story.
 */
@NullMarked
package dev.berth.browser;

import org.jspecify.annotations.NullMarked;
