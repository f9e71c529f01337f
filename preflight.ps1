<#
.SYNOPSIS
May the engine be launched? Exit code 0 says yes; everything else says no.

.DESCRIPTION
Asks "pytest --gate" in a clean environment and believes the document that it leaves,
and only if the document brings back a token that was made for this one run. For Windows
PowerShell 5.1 and later; preflight.sh is its twin, step by step.

.PARAMETER On
The environments that must be well, as in "pytest -m": "production", "demo or mylab".

.PARAMETER V8Home
The engine's workspace. Without it, V8_HOME; without both the exchange alone is asked.
Its path is taken from where this script is called, those of other options from the
checkout.

.PARAMETER Options
More options for pytest, such as --environments=C:\lab.toml.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [string] $On = 'production',
    [string] $V8Home = '',
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Options = @()
)
$ErrorActionPreference = 'Stop'
$status = 1
$saved = @{}
try {
    # 1. The checkout is where this script lies; its own Python comes first.
    $root = $PSScriptRoot
    $python = 'python'
    foreach ($folder in '.venv', 'venv', '.tox\production', '.tox\demo', '.tox\sandbox') {
        $candidate = Join-Path $root "$folder\Scripts\python.exe"
        if (Test-Path -LiteralPath $candidate -PathType Leaf) {
            $python = $candidate
            break
        }
    }

    # 2. Nothing that the caller has set for pytest or Python may change what is asked.
    foreach ($variable in @(Get-ChildItem -Path 'Env:')) {
        if ($variable.Name -match '^(PYTEST|PYTHON|PREFLIGHT_TOKEN)') {
            $saved[$variable.Name] = $variable.Value
            Remove-Item -LiteralPath "Env:$($variable.Name)"
        }
    }

    # 3. A token for this run alone: no document of another run can bring it back.
    $token = [guid]::NewGuid().ToString('N')
    $env:PREFLIGHT_TOKEN = $token

    # 4. What an earlier run left is taken away first.
    $file = Join-Path $root 'reports\gate.json'
    if (Test-Path -LiteralPath $file) {
        Remove-Item -LiteralPath $file -Force
    }

    # 5. Ask, in the checkout; our own arguments come last, and the last one counts.
    $arguments = @('-m', 'pytest') + $Options
    if ($V8Home -ne '') {
        if (-not [IO.Path]::IsPathRooted($V8Home)) {
            $V8Home = Join-Path (Get-Location).ProviderPath $V8Home
        }
        $arguments += "--v8-home=$V8Home"
    }
    $arguments += @('-m', "($On) or v8", '--gate', "--diagnosis=$file")
    $code = $null
    Push-Location -LiteralPath $root
    try {
        # A program that is not found leaves the code of the one before.
        $global:LASTEXITCODE = $null
        & $python $arguments | Out-Host
        $code = $LASTEXITCODE
    } finally {
        Pop-Location
    }

    # 6. Believe the document, if it is ours and the exit code agrees.
    $proved = $false
    if (Test-Path -LiteralPath $file -PathType Leaf) {
        $document = Get-Content -LiteralPath $file -Raw -Encoding UTF8 | ConvertFrom-Json
        if (($document.token -is [string]) -and ($document.verdict -is [string])) {
            $proved = ($document.token -ceq $token) -and ($document.verdict -ceq 'go')
        }
    }
    if ($code -is [int]) {
        if ($code -ne 0) {
            $status = $code
        } elseif ($proved) {
            $status = 0
        }
    }
} catch {
    # 7. Whatever went wrong on the way is a no.
    Write-Host "preflight: $($_.Exception.Message)"
    $status = 1
} finally {
    Remove-Item -LiteralPath 'Env:PREFLIGHT_TOKEN' -ErrorAction SilentlyContinue
    foreach ($name in @($saved.Keys)) {
        Set-Item -LiteralPath "Env:$name" -Value $saved[$name]
    }
}
exit $status
