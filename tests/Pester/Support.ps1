# What the suites share: the module under test, emulators that misbehave on request, shells of their own.

$modulePath = Join-Path ($env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')) 'NanoBanana.PowerShell.psd1' |
    Resolve-Path | Select-Object -ExpandProperty ProviderPath
Import-Module $modulePath -ErrorAction Stop

# A connection without a network loads the emulator's assembly, whose types the tests use.
Connect-NbService -Offline | Disconnect-NbService

# Not a shape of any real key, so that no scanner takes it for one.
$secretKey = 'NbTestKey' + [guid]::NewGuid().ToString('n')

function Start-TestServer {
    # An emulator behind a real socket, connected to; faults are those of docs/emulator.md.
    param([string]$Fault = '[]', [int]$MaximumRetryCount = 3, [switch]$QuickJobs)

    $settings = @{ Faults = [NanoBanana.Emulator.Faults.FaultScript]::Parse($Fault) }
    if ($QuickJobs) { $settings += @{ BatchPending = [timespan]::Zero; BatchRunning = [timespan]::Zero } }
    $options = [NanoBanana.Emulator.Settings.EmulatorOptions]$settings
    $service = [NanoBanana.Emulator.EmulatorService]::new($options)
    $server = [NanoBanana.Emulator.EmulatorServer]::Start($service, 0, $null)
    [pscustomobject]@{
        Service    = $service
        Server     = $server
        Connection = Connect-NbService -ApiKey $secretKey -BaseUri $server.BaseUri -MaximumRetryCount $MaximumRetryCount
    }
}

function Stop-TestServer {
    param($Server)

    if (-not $Server) { return }
    $Server.Connection | Disconnect-NbService
    # Not awaited on purpose: a hanging connection ends with the process.
    $null = $Server.Server.DisposeAsync()
    $Server.Service.Dispose()
}

function Start-TestListener {
    # A bare web server for what no emulator says; its answers are given with Send-TestAnswer.
    $free = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $free.Start()
    $port = $free.LocalEndpoint.Port
    $free.Stop()
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("http://127.0.0.1:$port/")
    $listener.Start()
    [pscustomobject]@{ Address = "http://127.0.0.1:$port/"; Listener = $listener }
}

function Send-TestAnswer {
    # Waits for the next request, answers it, and gives it back.
    param($Server, [int]$Status = 200, [byte[]]$Body = @(), [hashtable]$Header = @{})

    $context = $Server.Listener.GetContext()
    $context.Response.StatusCode = $Status
    foreach ($name in $Header.Keys) { $context.Response.Headers.Add($name, $Header[$name]) }
    if ($Body) { $context.Response.OutputStream.Write($Body) }
    $context.Response.Close()
    $context.Request
}

function New-TestShell {
    # A runspace of its own with the module in it, and with $connection; $TestHost records what it is shown.
    param($Connection, $TestHost)

    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule([string[]]@($modulePath))
    if ($Connection) { $state.Variables.Add([Management.Automation.Runspaces.SessionStateVariableEntry]::new('connection', $Connection, '')) }
    $runspace = $TestHost ? [runspacefactory]::CreateRunspace($TestHost, $state) : [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $shell
}

function ConvertTo-Secret {
    # A SecureString of a test's own key.
    param([string]$Text)

    $secret = [securestring]::new()
    foreach ($letter in $Text.ToCharArray()) { $secret.AppendChar($letter) }
    $secret
}

function Invoke-WithKey {
    # Runs something while the environment holds these keys, or none; a variable that is empty is none.
    param([hashtable]$Key, [scriptblock]$Script)

    $names = 'GOOGLE_API_KEY', 'GEMINI_API_KEY'
    $before = @{}
    foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    $set = {
        param($values)
        foreach ($name in $names) { if ($values -and $values[$name]) { Set-Item "env:$name" $values[$name] } else { Remove-Item "env:$name" -ErrorAction Ignore } }
    }
    try {
        & $set $Key
        & $Script
    }
    finally {
        & $set $before
    }
}

function Get-Billed {
    # How many images the emulator has billed: that of a test server, else that of the connection.
    param($Server)

    $service = $Server ? $Server.Service : (Get-NbEmulator)
    $service.Statistics.BilledGenerations
}

function Get-TestShell {
    # The program that starts another shell of this kind, and the arguments that come first.
    $program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    (Test-Path -LiteralPath $program) ? @($program) : @([Environment]::ProcessPath; Join-Path $PSHOME pwsh.dll)
}

function Get-NbErrorId {
    param($Record)

    ($Record.FullyQualifiedErrorId -split ',')[0]
}

function Add-TestProgram {
    # nb on the PATH, as an installed tool is: its build beside the module under test.
    $built = Get-ChildItem (Join-Path $PSScriptRoot '../../artifacts/bin/NanoBanana.Cli') -Directory |
        Where-Object { Test-Path (Join-Path $_.FullName nb.dll) } | Sort-Object { (Get-Item (Join-Path $_.FullName nb.dll)).LastWriteTimeUtc } |
        Select-Object -Last 1
    $env:PATH = $built.FullName + [IO.Path]::PathSeparator + $env:PATH
}
