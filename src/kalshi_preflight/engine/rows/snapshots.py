"""The series of snapshots."""

from kalshi_preflight.engine.row import EngineRow, both, by_hand
from kalshi_preflight.model.cause import Commands, Severity

_FRESH = "test_newest_snapshot_is_fresh"
_REGULAR = "test_snapshots_are_regular"
_ALONE = "test_one_engine_writes"
_FULL = "test_snapshots_are_written_in_full"

_NEWEST = both(
    "sqlite3 -readonly {path} 'SELECT * FROM pnl_snapshots ORDER BY rowid DESC LIMIT 5'"
)
_ENGINES = Commands(
    powershell=(
        "Get-CimInstance Win32_Process -Filter \"Name LIKE 'py%'\" |"
        " Select-Object ProcessId, CreationDate, CommandLine",
    ),
    posix=("ps -eo pid,lstart,args | grep -E 'main[.]py|engine[.]py|launch_v8'",),
)
_LOG = Commands(powershell=("Get-Content {log} -Tail 50",), posix=("tail -n 50 {log}",))

ROWS = (
    EngineRow(
        id="snapshot-none",
        question=_FRESH,
        summary="{path} has not a single snapshot.",
        why="The engine was started but never reached its loop, as when it cannot sign"
        " in or has no network.",
        check=_LOG,
        fix=by_hand(
            "read the log from its last start, and run this suite for the environment",
        ),
    ),
    EngineRow(
        id="snapshot-unparsable",
        question=_FRESH,
        summary="The newest snapshot's time cannot be read: {value}.",
        why="The writer has changed its format. A time that cannot be read is no proof"
        " of anything, so the engine counts as not proved.",
        check=_NEWEST,
        fix=by_hand("mend the writer, or extend the list of accepted forms"),
    ),
    EngineRow(
        id="snapshot-from-the-future",
        question=_FRESH,
        summary="The newest snapshot ({newest}) is {age} in the future.",
        why="The clock of the writer was wrong or was set back, the database comes from"
        " another machine, or local time east of UTC was written.",
        check=Commands(
            powershell=(
                "(Get-Date).ToUniversalTime().ToString('u')",
                "w32tm /query /status",
            ),
            posix=("date -u", "timedatectl"),
        ),
        fix=Commands(
            powershell=("# as administrator:", "w32tm /resync /force"),
            posix=("sudo timedatectl set-ntp true",),
        ),
    ),
    EngineRow(
        id="snapshot-local-time",
        question=_FRESH,
        severity=Severity.WARNING,
        summary="The newest snapshot ({newest}) is off by this machine's UTC offset"
        " ({offset}), and the engine is alive: it writes local time.",
        why="Read as UTC, its rows look {age} old or young. Every tool that expects UTC"
        " draws a wrong conclusion.",
        check=_NEWEST,
        fix=by_hand("have the engine write UTC"),
    ),
    EngineRow(
        id="snapshot-stale",
        question=_FRESH,
        severity=Severity.WARNING,
        summary="The newest snapshot ({newest}) is {age} old; one is due every 30"
        " seconds.",
        why="The loop is slow, held up by the network or by a rate limit, or the"
        " machine slept.",
        check=_LOG,
        fix=by_hand("see what log and process say of the same minutes"),
    ),
    EngineRow(
        id="snapshot-stalled",
        question=_FRESH,
        summary="The newest snapshot ({newest}) is {age} old.",
        why="The engine is stopped, hung, halted, or writes another database.",
        check=_ENGINES,
        fix=by_hand(
            "if it should run: find out why it does not (log), then start it with"
            " {start_script}",
        ),
    ),
    EngineRow(
        id="snapshot-mixed-formats",
        question=_REGULAR,
        severity=Severity.WARNING,
        summary="Snapshots carry times in different forms: {forms}.",
        why="Two versions write, or rows were imported. Compared as text, 'T' sorts"
        " after a blank, so MAX(timestamp) is wrong.",
        check=_NEWEST,
        fix=by_hand("stop the second writer; write one form"),
    ),
    EngineRow(
        id="snapshot-gap",
        question=_REGULAR,
        severity=Severity.WARNING,
        summary="In the last 24 hours the snapshots have {number} gaps over 5 minutes;"
        " the longest lasts {longest} (from {begin} to {end}).",
        why="A restart, a loop of crashes, a machine that slept, or the exchange's"
        " maintenance (Thursday 03:00 to 05:00 Eastern).",
        check=_LOG,
        fix=by_hand("compare the times with the log and with the system's events"),
    ),
    EngineRow(
        id="snapshot-slow-cadence",
        question=_REGULAR,
        severity=Severity.WARNING,
        summary="Only {rows} snapshots in the last 10 minutes of the series; {expected}"
        " are normal.",
        why="Slow answers of the exchange, a busy processor or a busy disk hold the"
        " loop up.",
        check=_LOG,
        fix=by_hand("compare with the times of the REST checks of this suite"),
    ),
    EngineRow(
        id="snapshot-out-of-order",
        question=_REGULAR,
        severity=Severity.WARNING,
        summary="The row written last is of {newest_row}, while there is one of"
        " {latest}.",
        why="Rows were imported or rewritten, or the clock was set back.",
        check=_NEWEST,
        fix=by_hand("find the program that writes into the engine's table"),
    ),
    EngineRow(
        id="snapshot-foreign-row",
        question=_REGULAR,
        severity=Severity.WARNING,
        summary="{number} snapshots do not come from the engine's loop (at {at}).",
        why="They are off its rhythm and fill columns that it leaves empty: an import"
        " writes into the engine's table. Such a row is no sign of life.",
        check=_NEWEST,
        fix=by_hand("let the import write elsewhere"),
    ),
    EngineRow(
        id="two-writers",
        question=_ALONE,
        summary="{writers} engines write this database: {rows} snapshots in 10 minutes,"
        " since {since} ({lasting}). The series: {series}; {frozen}.",
        why="One engine writes a row every 30 seconds. Two compete for orders, share"
        " one"
        " rate limit and one log, and make 401 errors by sending signed headers twice."
        " Equal balances do not rule this out. No balance and no profit of this time"
        " can be trusted.",
        check=_ENGINES,
        fix=by_hand(
            "find both processes, also on other machines and accounts, and stop one by"
            " its own means",
            "let the scheduled task start no second instance",
        ),
    ),
    EngineRow(
        id="series-frozen",
        question=_ALONE,
        summary="The engine has written {ours} for {rows} snapshots, while the exchange"
        " has {theirs}.",
        why="A forgotten engine, or one whose reading of the balance fails and that"
        " repeats its last value.",
        check=_LOG,
        fix=by_hand("find who writes these rows, and stop it by its own means"),
    ),
    EngineRow(
        id="columns-never-written",
        question=_FULL,
        severity=Severity.WARNING,
        summary="All counters are 0 in the newest {rows} snapshots, although there are"
        " orders ({columns}).",
        why="Zero means 'never written' here, not 'nothing happened'. Profit and"
        " positions cannot be had from this database.",
        check=_NEWEST,
        fix=by_hand("take profit and positions from the exchange"),
    ),
    EngineRow(
        id="balance-not-integer-cents",
        question=_FULL,
        severity=Severity.WARNING,
        summary="A column of whole cents holds {value}.",
        why="Somebody writes dollars into it: amounts are wrong by a factor of 100.",
        check=_NEWEST,
        fix=by_hand("mend the writer; compare with the exchange's balance"),
    ),
)
