# Starts another shell of the kind that runs this, with the arguments given, and returns what it writes.
# PowerShell installed as a .NET tool has no program of its own: there the process is dotnet, and its path starts no shell.
$program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
if (Test-Path -LiteralPath $program) { & $program @args }
else { & ([Environment]::ProcessPath) (Join-Path $PSHOME 'pwsh.dll') @args }
