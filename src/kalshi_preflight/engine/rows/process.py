"""Process, lock, flag and task."""

from kalshi_preflight.engine.row import EngineRow, by_hand
from kalshi_preflight.model.cause import Blame, Commands, Severity

_EXPECTED = "test_engine_is_as_expected"
_ALONE = "test_one_engine_runs"
_FILES = "test_locks_and_flags_are_right"
_TASK = "test_scheduled_task_is_right"

_ENGINES = Commands(
    powershell=(
        "Get-CimInstance Win32_Process -Filter \"Name LIKE 'py%'\" |"
        " Select-Object ProcessId, CreationDate, CommandLine",
    ),
    posix=("ps -eo pid,lstart,args | grep -E 'main[.]py|engine[.]py|launch_v8'",),
)
_LOG = Commands(powershell=("Get-Content {log} -Tail 50",), posix=("tail -n 50 {log}",))
_SHOW = Commands(powershell=("Get-Content {file}",), posix=("cat {file}",))
_SCHEDULE = Commands(
    powershell=(
        "Get-ScheduledTask | Where-Object {{ $_.TaskPath + $_.TaskName -match 'v8' }}",
    ),
    posix=("crontab -l",),
)

ROWS = (
    EngineRow(
        id="engine-not-running",
        question=_EXPECTED,
        summary="No process of {engine} runs in {home}; its newest snapshot is of"
        " {newest}.",
        why="It was stopped, it crashed, its task is disabled, or the machine was"
        " started again.",
        check=_ENGINES,
        fix=by_hand(
            "start it with {start_script}, then read the first minute of its log",
        ),
    ),
    EngineRow(
        id="engine-already-running",
        question=_EXPECTED,
        summary="{engine} runs already ({trees}); a start would make two.",
        why="Two engines on one account compete for orders and make each other's"
        " signatures fail.",
        check=_ENGINES,
        fix=by_hand(
            "use the one that runs, or stop it by its own means before a start"
        ),
    ),
    EngineRow(
        id="engine-not-visible",
        question=_EXPECTED,
        severity=Severity.WARNING,
        blame=Blame.CONFIG,
        cannot_tell=True,
        summary="No process of {engine} can be seen, and yet somebody may be writing"
        " (newest snapshot: {newest}; processes that cannot be read: {unreadable}).",
        why="The engine runs under another account, in a container, on another machine,"
        " or by another command line than the profile's.",
        check=_ENGINES,
        fix=by_hand("look on the account or machine where the engine runs"),
    ),
    EngineRow(
        id="engine-running-twice",
        question=_ALONE,
        summary="{number} engines run at once: {trees}.",
        why="The start script was run twice, or the task started one beside one started"
        " by hand. They compete for orders and make 401 errors.",
        check=_ENGINES,
        fix=by_hand(
            "stop one of the processes {pids} by its own means",
            "let the scheduled task start no second instance",
        ),
    ),
    EngineRow(
        id="engine-hung",
        question=_EXPECTED,
        summary="{engine} runs ({trees}), and neither its database nor its log moves.",
        why="It waits for ever: a request without a time limit, a dead socket, a lock."
        " State of the process: {status}.",
        check=_LOG,
        fix=by_hand(
            "restart it by hand, by its own means; give its requests time limits"
        ),
    ),
    EngineRow(
        id="engine-restarting",
        question=_EXPECTED,
        severity=Severity.WARNING,
        summary="{engine} was started {starts} times within the last hour.",
        why="It crashes and is started again.",
        check=_LOG,
        fix=by_hand("read the first error after each start in {log}"),
    ),
    EngineRow(
        id="machine-slept",
        question=_EXPECTED,
        severity=Severity.NOTE,
        summary="From {begin} to {end} ({lasting}) neither rows nor log lines were"
        " written, and the engine went on afterwards: the machine slept.",
        why="After waking, old signatures are refused until they are made anew.",
        check=Commands(
            powershell=("powercfg /query SCHEME_CURRENT SUB_SLEEP",),
            posix=("journalctl -b | grep -iE 'suspend|sleep'",),
        ),
        fix=Commands(
            powershell=("powercfg /change standby-timeout-ac 0",),
            posix=("sudo systemctl mask sleep.target suspend.target",),
        ),
    ),
    EngineRow(
        id="stale-pid-file",
        question=_FILES,
        severity=Severity.WARNING,
        summary="{file} names process {pid}, which is {who}.",
        why="The engine ended without tidying up, and the number may belong to somebody"
        " else by now.",
        check=_SHOW,
        fix=by_hand("remove the file by hand once no engine runs"),
    ),
    EngineRow(
        id="stale-lock-file",
        question=_FILES,
        severity=Severity.WARNING,
        summary="{file} is {age} old, and no engine runs.",
        why="The engine crashed; it removes an old lock at its next start.",
        check=_SHOW,
        fix=by_hand("nothing, or remove it by hand once no engine runs"),
    ),
    EngineRow(
        id="lock-without-process",
        question=_FILES,
        severity=Severity.WARNING,
        summary="{file} is only {age} old, and no engine can be seen.",
        why="An engine under another account or on another machine holds it.",
        check=_ENGINES,
        fix=by_hand("look on the account or machine where that engine runs"),
    ),
    EngineRow(
        id="halt-flag-present",
        question=_FILES,
        severity=Severity.WARNING,
        summary="Trading is halted by {file} (for {age}): {reason}.",
        why="The operator or a monitor has halted trading.",
        check=_SHOW,
        fix=by_hand(
            "read the reason; deleting the file resumes trading, which is yours"
        ),
    ),
    EngineRow(
        id="task-disabled",
        question=_TASK,
        severity=Severity.WARNING,
        blame=Blame.CONFIG,
        summary="The scheduled task {task} is disabled.",
        why="Nothing starts the engine by itself.",
        check=_SCHEDULE,
        fix=by_hand("enable it in the Task Scheduler; look at 'Start in' and account"),
    ),
    EngineRow(
        id="task-allows-parallel",
        question=_TASK,
        severity=Severity.WARNING,
        blame=Blame.CONFIG,
        summary="The scheduled task {task} may start a second engine ({instances}).",
        why="Its rule for several instances is not 'do not start a new instance'.",
        check=_SCHEDULE,
        fix=by_hand("set 'Do not start a new instance' in the task's settings"),
    ),
    EngineRow(
        id="engine-api-outdated",
        question="test_engine_speaks_todays_api",
        summary="{engine} was written for an API that is gone: {hits}.",
        why="Old order paths are answered with 410, old hosts with 401, and fields of"
        " whole cents are no longer sent (2026).",
        check=_LOG,
        fix=by_hand("update the engine"),
        more="https://docs.kalshi.com/changelog",
    ),
)
