package dev.berth.driver;

/**
 * What an instance does right now, as its driver sees it.
 *
 * <pre>
 *            start             pause
 *  STOPPED ────────► RUNNING ────────► PAUSED
 *     ▲                │  ▲   resume     │
 *     ├────── stop ────┤  └──────────────┤
 *     └────────────────┼──── stop ───────┘
 *                      ▼ died by itself
 *                   CRASHED ── start ──► RUNNING
 * </pre>
 */
public enum RunState {
    STOPPED,
    RUNNING,
    PAUSED,
    CRASHED
}
