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
            $thrown = { 1..3 | New-NbImage } | Should -Throw -PassThru
            Get-BareErrorId $thrown | Should -Be 'Nb.Service.BadKey'
            $thrown.CategoryInfo.Category | Should -Be 'AuthenticationError'
        }
        finally {
            Stop-TestServer $server
            $connection = Connect-NbService -Offline
        }
    }

    It 'offers three ways out when there is no key' {
        $variables = 'GOOGLE_API_KEY', 'GEMINI_API_KEY'
        $before = $variables | ForEach-Object { [Environment]::GetEnvironmentVariable($_) }
        try {
            $variables | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) }
            $thrown = { Connect-NbService } | Should -Throw -PassThru
            $thrown.ErrorDetails.RecommendedAction | Should -Match 'Read-Host -AsSecureString'
            $thrown.ErrorDetails.RecommendedAction | Should -Match 'GEMINI_API_KEY'
            $thrown.ErrorDetails.RecommendedAction | Should -Match '-Offline'
        }
        finally {
            0, 1 | ForEach-Object { [Environment]::SetEnvironmentVariable($variables[$_], $before[$_]) }
        }
    }
}

Describe 'The key' {
    It 'is in no stream, error, file, view or transcript' {
        $server = Start-TestServer ('[{"fault":"retryAfter","nth":1,"retryDelay":"10ms"},{"fault":"status","code":400,"nth":4,"message":"bad KEY"}]' -replace 'KEY', $secretKey)
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive leak)
        $transcript = Join-Path $TestDrive transcript.txt
        $everything = Join-Path $TestDrive streams.txt
        try {
            $null = Start-Transcript $transcript
            & {
                $DebugPreference = 'Continue'
                $VerbosePreference = 'Continue'
                $InformationPreference = 'Continue'
                Get-NbConnection | Format-List *
                New-NbImage 'a fox' -Destination $folder | Invoke-NbEdit 'a hat' -Destination $folder
                New-NbImage "words that hold the key: $secretKey"
                New-NbImage 'b' -WhatIf
                $Error | Select-Object -First 5 | Get-Error
                $Error | Select-Object -First 5 | Format-List * -Force
                Export-NbReport $folder
            } *>&1 | Tee-Object -Variable streams | Out-Null
            $streams | Out-String -Width 500 | Set-Content $everything
            $streams | ConvertTo-Json -Depth 4 -WarningAction Ignore | Add-Content $everything
        }
        finally {
            $null = Stop-Transcript
            Stop-TestServer $server
        }
        (Get-Content $everything -Raw).Length | Should -BeGreaterThan 2000
        Get-Content $everything -Raw | Should -Match '\[hidden\]'
        # The prompt that quotes it is the user's own words; what the module adds must not.
        Get-Content $everything | Where-Object { $_ -notmatch 'words that hold the key' } | Select-String $secretKey -SimpleMatch | Should -BeNullOrEmpty
        Get-ChildItem $folder -Recurse -File -Force | Select-String $secretKey -SimpleMatch | Should -BeNullOrEmpty
        Get-Content $transcript | Where-Object { $_ -notmatch 'words that hold the key' } | Select-String $secretKey -SimpleMatch | Should -BeNullOrEmpty
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
        $verbose | Should -Match 'POST 127\.0\.0\.1/v1beta/models/gemini-nano-banana-2\.1:generateContent: HTTP 429 after \d+ ms, try 1'
        $verbose | Should -Match 'model gemini-nano-banana-2\.1'
        $verbose | Should -Match 'Nb\.Service\.RateLimited at try 1, next in'
        $verbose | Should -Match 'HTTP 200 after \d+ ms, try 2'
    }

    It 'show bodies with everything long masked' {
        $debug | Should -Match '>> POST .+\n\{"contents"'
        $debug | Should -Match '"data": ?"\[\d+ characters of base64\]"'
        $debug | Should -Not -Match '[A-Za-z0-9+/=]{300}'
    }

    It 'show nothing of bodies when nobody asks' {
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
