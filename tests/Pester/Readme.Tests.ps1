# The README as a newcomer types it: every PowerShell line, in order, in an empty folder.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive readme)
    $page = Get-Content (Join-Path $PSScriptRoot ../../README.md) -Raw
    $lines = [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```') |
        ForEach-Object { $_.Groups[1].Value -split '\r?\n' } | Where-Object { $_.Trim() }
    $screen = Add-Type -Path "$PSScriptRoot/RecordingHost.cs" -PassThru | Where-Object Name -EQ RecordingHost
    # A shell of its own has the module under test: the line that imports the built one is left out.
    $shell = New-TestShell $null ([Activator]::CreateInstance($screen))
    $null = $shell.AddScript("Set-Location '$folder'").Invoke()
    $ran = foreach ($line in $lines | Where-Object { $_ -notmatch '^Import-Module ' }) {
        $shell.Commands.Clear()
        $shell.Streams.Error.Clear()
        $failure = $null
        try { $null = $shell.AddScript($line).Invoke() } catch { $failure = $_ }
        [pscustomobject]@{ Line = $line; Errors = @($shell.Streams.Error) + @($failure).Where{ $_ } }
    }
    $shell.Commands.Clear()
    $null = $shell.AddScript('Get-NbBatch | Stop-NbBatch -Confirm:$false; Get-NbConnection | Disconnect-NbService').Invoke()
}

AfterAll { $shell.Dispose() }

Describe 'The README' {
    It 'runs line by line in an empty folder without an error' {
        @($ran).Count | Should -BeGreaterThan 8
        ($ran | Where-Object Errors | ForEach-Object { "$($_.Line): $($_.Errors)" }) -join "`n" | Should -BeNullOrEmpty
    }

    It 'leaves the files it speaks of' {
        'fox.jpg', 'fox.jpg.nb.json', 'shots', 'jobs.csv', 'week/report.html', 'spring/batch.json' |
            ForEach-Object { Join-Path $folder $_ | Should -Exist }
    }

    It 'imports the module from where the build puts it' {
        $lines | Where-Object { $_ -match '^Import-Module ' } | Should -Be 'Import-Module ./out/NanoBanana.PowerShell'
    }
}
