BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path
}

Describe 'The table of error ids' {
    It 'lists exactly the ids there are' {
        $pattern = '"(Nb\.(?:[A-Z]\w+\.[A-Z]\w+|Unexpected))"'
        $ids = Get-ChildItem (Join-Path $root src) -Recurse -Filter *.cs |
            Select-String -Pattern $pattern -AllMatches -CaseSensitive |
            ForEach-Object { $_.Matches.ForEach({ $_.Groups[1].Value }) } | Sort-Object -Unique
        $documented = Select-String -Path (Join-Path $root docs/en-US/about_NbErrors.md) -Pattern '^\| `(Nb\.[\w.]+)` \|' |
            ForEach-Object { $_.Matches[0].Groups[1].Value }
        Compare-Object $ids $documented -IncludeEqual:$false | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" } | Should -BeNullOrEmpty
        $documented | Sort-Object -Unique | Should -HaveCount $documented.Count
    }

    It 'names real categories' {
        Select-String -Path (Join-Path $root docs/en-US/about_NbErrors.md) -Pattern '^\| `Nb\.[\w.]+` \| ([^|]+) \|' |
            ForEach-Object { $_.Matches[0].Groups[1].Value -split ', ' } | Sort-Object -Unique |
            Where-Object { $_ -notin [enum]::GetNames([Management.Automation.ErrorCategory]) } | Should -BeNullOrEmpty
    }
}

Describe 'An error record' {
    BeforeAll {
        $connection = Connect-NbService -Offline
        '[[IMAGE_SAFETY]] a fox' | New-NbImage -ErrorAction SilentlyContinue -ErrorVariable failures
        $failure = $failures[0]
    }

    AfterAll { $connection | Disconnect-NbService }

    It 'has id, category, target, message and recommendation' {
        $failure.FullyQualifiedErrorId | Should -Be 'Nb.Answer.NoImage,NanoBanana.PowerShell.Commands.NewNbImageCommand'
        $failure.CategoryInfo.Category | Should -Be 'InvalidResult'
        $failure.TargetObject | Should -Be '[[IMAGE_SAFETY]] a fox'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-SafetyThreshold'
        $failure.Exception.Advice | Should -Be $failure.ErrorDetails.RecommendedAction
        $failure.Exception.Cost | Should -BeGreaterThan 0
    }

    It 'reads well in Get-Error' {
        $text = $failure | Get-Error | Out-String -Width 200
        $text | Should -Match 'ErrorId +: Nb\.Answer\.NoImage'
        $text | Should -Match 'Advice +: Reword'
        $text | Should -Match 'Reason +: IMAGE_SAFETY'
    }

    It 'shows the recommendation in each view: <_>' -ForEach 'ConciseView', 'DetailedView' {
        $ErrorView = $_
        $failure | Out-String -Width 200 | Should -Match 'Reword'
    }

    It 'ends the pipeline once when the key is refused' {
        $server = Start-TestServer '[{"fault":"status","code":401,"reason":"UNAUTHENTICATED"}]'
        try {
            $thrown = { [string[]](1..3) | New-NbImage } | Should -Throw -PassThru
            Get-NbErrorId $thrown | Should -Be 'Nb.Service.BadKey'
            $thrown.CategoryInfo.Category | Should -Be 'AuthenticationError'
        }
        finally {
            Stop-TestServer $server
            $connection = Connect-NbService -Offline
        }
    }

    It 'offers three ways out when there is no key' {
        $thrown = Invoke-WithKey $null { { Connect-NbService } | Should -Throw -PassThru }
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'Read-Host -AsSecureString'
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'GEMINI_API_KEY'
        $thrown.ErrorDetails.RecommendedAction | Should -Match '-Offline'
    }
}

Describe 'A picture that cannot be saved in its place' {
    It 'is saved in the place named in the error' {
        $env:NB_HOME | Should -Not -BeNullOrEmpty -Because 'Invoke-Suite.ps1 sets it'
        $connection = Connect-NbService -Offline
        $taken = New-Item (Join-Path $TestDrive taken)
        New-NbImage 'a fox' -Connection $connection | Save-NbImage -Destination $taken -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Nb.File.Unwritable,*'
        $where = [regex]::Match("$($failed[0])", "saved as '(.+)' instead").Groups[1].Value
        (Import-NbImage $where | Invoke-NbEdit 'make it night' -Connection $connection).Conversation.Turns | Should -HaveCount 4

        # What lies in a file already is not lost.
        New-NbImage 'a fox' -Connection $connection -Destination (Join-Path $TestDrive shots) |
            Save-NbImage -Destination $taken -ErrorAction SilentlyContinue -ErrorVariable failed
        "$($failed[0])" | Should -Not -Match 'instead'
    }
}

Describe 'The key' {
    BeforeAll {
        $Error.Clear()
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive leak)
        $transcript = Join-Path $TestDrive transcript.txt
        $faults = '[{"fault":"retryAfter","nth":1,"retryDelay":"10ms"},{"fault":"status","code":400,"nth":4,"message":"bad KEY"},' +
            '{"fault":"status","code":401,"nth":5,"reason":"UNAUTHENTICATED","message":"no such key: KEY"},' +
            '{"fault":"status","code":403,"nth":6,"message":"?key=KEY"},{"fault":"truncate","nth":7}]'
        $server = Start-TestServer ($faults -replace 'KEY', $secretKey)
        $web = Start-TestListener

        # In a shell of its own, so that what the module's errors show of the line that was typed is not this file.
        $shell = New-TestShell $server.Connection
        $shell.Runspace.SessionStateProxy.SetVariable('folder', $folder.FullName)
        $shell.Runspace.SessionStateProxy.SetVariable('transcript', $transcript)
        $shell.Runspace.SessionStateProxy.SetVariable('secret', $secretKey)
        $shell.Runspace.SessionStateProxy.SetVariable('web', $web.Address)
        $running = $shell.AddScript(@'
Import-Module Microsoft.PowerShell.Utility, Microsoft.PowerShell.Host
$null = Start-Transcript $transcript
$VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = 'Continue'
$PSDefaultParameterValues['*-Nb*:Connection'] = $connection
$all = & {
    Get-NbConnection | Format-List *
    New-NbImage 'a fox' -Destination $folder | Invoke-NbEdit 'a hat' -Destination $folder
    New-NbImage 'refused with 400' -ErrorAction Continue
    try { New-NbImage 'refused with 401' } catch { Write-Error $_ -ErrorAction Continue }
    New-NbImage 'refused with 403', 'malformed' -ErrorAction Continue
    New-NbImage 'b' -WhatIf
    $PSDefaultParameterValues.Clear()
    foreach ($address in "https://me:$secret@example.com/", "https://example.com/?key=$secret", "http://example.com/$secret", "ftp://$secret") {
        try { Connect-NbService -ApiKey $secret -BaseUri $address } catch { Write-Error $_ -ErrorAction Continue }
    }
    try { Connect-NbService -ApiKey "$secret with blanks" } catch { Write-Error $_ -ErrorAction Continue }
    $redirected = Connect-NbService -ApiKey $secret -BaseUri $web -MaximumRetryCount 0
    New-NbImage 'redirected' -Connection $redirected -ErrorAction Continue
    Start-NbEmulator -ApiKey $secret | Format-List *
    Connect-NbService -ApiKey $secret -BaseUri (Get-NbEmulator).BaseUri | ConvertTo-Json
    'a hen' | Start-NbBatch -Destination $folder/batch -Wait
    New-NbImage 'a pig' -Verbose -Debug
    Get-NbEmulator -Journal | Format-List *
    Stop-NbEmulator
    Export-NbReport $folder
    $Error | Get-Error
    $Error | Format-List * -Force
} *>&1
$all | Out-Default
$null = Stop-Transcript
$all | Out-String -Width 500
$all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] } | ConvertTo-Json -Depth 4 -WarningAction Ignore
@($Error).Count
'@).BeginInvoke()
        $null = Send-TestAnswer $web -Status 302 -Header @{ Location = "$($web.Address)elsewhere?key=$secretKey" }
        $everything = $shell.EndInvoke($running) -join "`n"
        $everything += ($shell.Streams.Progress | Out-String) + ($shell.Streams.Error | Out-String) + ($shell.Streams.Information | Out-String)
    }

    AfterAll {
        $web.Listener.Close()
        $shell.Runspace.Dispose()
        Stop-TestServer $server
    }

    It 'is refused, echoed and redirected in this test' {
        'Nb.Service.BadKey', 'Nb.Service.Redirected', 'Nb.Service.InvalidUri', 'Nb.Request.Refused|Nb.Service.BadRequest|Nb.Service.InvalidRequest' |
            Where-Object { $everything -notmatch $_ } | Should -BeNullOrEmpty
        $everything | Should -Match '\[hidden\]'
        $everything.Length | Should -BeGreaterThan 20000
    }

    It 'is in no stream' { $everything.IndexOf($secretKey) | Should -Be -1 -Because (($everything -split "`n") -match $secretKey | Select-Object -First 3 | Out-String) }

    It 'is in no transcript' {
        (Get-Content $transcript).Count | Should -BeGreaterThan 100
        Select-String -Path $transcript -Pattern $secretKey -SimpleMatch | Should -BeNullOrEmpty
    }

    It 'is in no file that was written' {
        $written = Get-ChildItem $folder, $env:NB_HOME -Recurse -File -Force -ErrorAction Ignore
        $written.Name | Should -Contain 'ledger.jsonl'
        $written | Select-String -Pattern $secretKey -SimpleMatch | Should -BeNullOrEmpty
    }

    # What a user types is the user's own; it is sent and kept as the prompt, and still hidden in the bodies that -Debug shows.
    It 'is hidden in -Debug even where the prompt holds it' {
        $other = New-TestShell $server.Connection
        try {
            $null = $other.AddScript("New-NbImage 'words that hold the key: $secretKey' -Connection `$connection -Debug -Verbose").Invoke()
            ($other.Streams.Debug | Where-Object { "$_" -match '^<<|^>>' } | Out-String) | Should -Not -Match $secretKey
        }
        finally { $other.Runspace.Dispose() }
    }
}

Describe '-Verbose and -Debug' {
    BeforeAll {
        $server = Start-TestServer '[{"fault":"retryAfter","nth":1,"retryDelay":"10ms"}]'
        $shell = New-TestShell $server.Connection
        $null = $shell.AddScript('$DebugPreference = "Continue"; New-NbImage x -Connection $connection -Verbose').Invoke()
        $verbose = $shell.Streams.Verbose.Message -join "`n"
        $debug = $shell.Streams.Debug.Message -join "`n"
    }

    AfterAll {
        $shell.Runspace.Dispose()
        Stop-TestServer $server
    }

    It 'tell method, host, model, status, time and try' {
        $verbose | Should -Match 'POST 127\.0\.0\.1:\d+/v1/models/gemini-nano-banana-2\.1:generateContent: HTTP 429 after \d+ ms, try 1'
        $verbose | Should -Match 'model gemini-nano-banana-2\.1'
        $verbose | Should -Match 'Nb\.Service\.RateLimited at try 1, next in'
        $verbose | Should -Match 'HTTP 200 after \d+ ms, try 2'
    }

    It 'tell the service''s id of the request' {
        $web = Start-TestListener
        $other = New-TestShell (Connect-NbService -ApiKey $secretKey -BaseUri $web.Address -MaximumRetryCount 0)
        try {
            $running = $other.AddScript('New-NbImage x -Connection $connection -Verbose').BeginInvoke()
            $null = Send-TestAnswer $web -Status 500 -Header @{ 'x-goog-request-id' = 'abc123' }
            $null = $other.EndInvoke($running)
            $other.Streams.Verbose.Message -join "`n" | Should -Match 'HTTP 500 after \d+ ms, try 1, request abc123'
        }
        finally {
            $web.Listener.Close()
            $other.Runspace.Dispose()
        }
    }

    It 'show bodies with everything long masked' {
        $debug | Should -Match '>> POST .+\n\{"contents"'
        $debug | Should -Match '"data": ?"\[\d+ characters of base64\]"'
        $debug | Should -Not -Match '[A-Za-z0-9+/=]{300}'
    }

    It 'show no bodies unless asked to' {
        $quiet = New-TestShell $server.Connection
        try {
            $null = $quiet.AddScript('New-NbImage x -Connection $connection').Invoke()
            $quiet.Streams.Debug | Should -BeNullOrEmpty
            $quiet.Streams.Verbose | Should -BeNullOrEmpty
        }
        finally {
            $quiet.Runspace.Dispose()
        }
    }
}
