# What goes wrong on a Monday, and whether the message says what to do.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive messages))
    $connection = Connect-NbService -Offline
    Copy-NbSample | Out-Null
    Add-Type -Path "$PSScriptRoot/RecordingHost.cs"
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'A message' {
    It 'names a table that was given in place of a manifest' {
        $failure = { Start-NbBatch jobs.csv -Destination out } | Should -Throw -ErrorId 'Nb.Manifest.InvalidJson,*' -PassThru
        "$failure" | Should -BeLike "*jobs.csv' looks like a table (CSV), and a manifest is JSON."
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "Import-Csv 'jobs.csv' | Start-NbBatch*"
    }

    It 'refuses a safety threshold that the service does not know, before it is sent' {
        foreach ($setting in 'none', 'HARASSMENT=none') {
            $failure = { New-NbImage 'a fox' -SafetyThreshold $setting -ErrorAction Stop } |
                Should -Throw -ErrorId 'Nb.Request.InvalidSafety,*' -PassThru
            $failure.ErrorDetails.RecommendedAction | Should -BeLike 'Did you mean BLOCK_NONE? Nothing was sent.*'
        }
        (New-NbImage 'a fox' -SafetyThreshold block_none, HARM_CATEGORY_HARASSMENT=off).Width | Should -Be 1024
    }

    It 'lists the items when -Only matches none' {
        $failure = { Start-NbBatch campaign.json -Destination out -Only fox-nigth -Wait } |
            Should -Throw -ErrorId 'Nb.Batch.NoSuchItem,*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "Did you mean 'fox-night'?*"
        { Start-NbBatch campaign.json -Destination out -Only 'nothing*' -Wait } | Should -Throw -ErrorId 'Nb.Batch.NoSuchItem,*'
        'out' | Should -Not -Exist
    }

    It 'refuses a number among prompts, everywhere' {
        { 'a fox', 7 | Start-NbBatch -Destination out } | Should -Throw '*An Int32 (7) is not a prompt*'
        { 'a fox', 7 | Measure-NbCost } | Should -Throw -ErrorId 'Nb.Request.NotAPrompt,*'
    }
}

Describe 'A model that is not known' {
    It 'is reported with the one that was probably meant: <Typed>' -ForEach @(
        @{ Typed = 'nbpro'; Meant = 'nb-pro' }
        @{ Typed = 'gemini-3.1-flash-imag'; Meant = 'gemini-3.1-flash-image' }
    ) {
        New-NbImage 'a fox' -Model $Typed -WarningVariable said -WarningAction SilentlyContinue -ErrorVariable failures -ErrorAction SilentlyContinue
        "$said" | Should -BeLike "*did you mean $Meant?*"
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike "Did you mean $Meant?*"
        { Get-NbModel $Typed -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Model.Unknown,*'
    }

    It 'is reported without a guess when none is similar' {
        New-NbImage 'a fox' -Model dall-e-3 -WarningVariable said -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        "$said" | Should -BeLike "*does not know the model 'dall-e-3': it is asked*"
    }

    It 'is reported when a connection has it as its default' {
        $own = Connect-NbService -Offline -DefaultModel nosuch -WarningVariable said -WarningAction SilentlyContinue
        Connect-NbService -Offline -DefaultModel nb-pro -WarningVariable nothing | Out-Null
        $connection = Connect-NbService -Offline
        "$said" | Should -BeLike "*does not know the model 'nosuch'*"
        $nothing | Should -BeNullOrEmpty
        $own | Disconnect-NbService
    }

    It 'is reported once for a batch, before it starts' {
        1..5 | ForEach-Object { @{ name = "i$_"; prompt = 'a fox'; model = 'nbpro' } } |
            Start-NbBatch -Destination strange -WhatIf -WarningVariable said -WarningAction SilentlyContinue
        @($said).Count | Should -Be 1
        "$said" | Should -BeLike '*did you mean nb-pro?*'
    }
}

Describe 'A command in a place without files' {
    BeforeAll { $here = "$PWD"; Set-Location Env: }
    AfterAll { Set-Location $here }

    It 'works with full paths' {
        (New-NbImage 'a fox' -OutFile (Join-Path $here env.jpg)).Path | Should -Exist
        ('a fox' | Start-NbBatch -Destination (Join-Path $here fromEnv) -Wait).State | Should -Be Completed
        ('a fox' | Measure-NbCost).Live | Should -BeGreaterThan 0
    }

    It 'reports its location when a path is relative: <_>' -ForEach @(
        "New-NbImage 'a fox' -OutFile fox.jpg -ErrorAction Stop"
        "'a fox' | Start-NbBatch -Destination out"
        'Import-NbImage fox.jpg -ErrorAction Stop'
        'Export-NbReport . -ErrorAction Stop'
    ) {
        { & ([scriptblock]::Create($_)) } | Should -Throw '*is relative to Env:*, which holds no files*' -ErrorId 'Nb.File.NotAFilePath,*'
    }
}

Describe 'Get-NbBlob with an image' {
    It 'lists what that image needs' {
        $own = Get-NbBlob fox.jpg
        $own | Should -Not -BeNullOrEmpty
        $own | ForEach-Object { $_.UsedBy | Should -Contain 'fox.jpg.nb.json' }
        @(Get-NbBlob).Count | Should -BeGreaterThan @($own).Count
        { Get-NbBlob photo.jpg -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Blob.NoSidecar,*'
    }
}

Describe 'A runspace without a connection' {
    It 'is advised to pass the session''s connection' {
        $failure = 1 | ForEach-Object -Parallel {
            Import-Module $using:modulePath
            $env:GOOGLE_API_KEY = $env:GEMINI_API_KEY = $null
            try { New-NbImage 'a fox' } catch { $_ }
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'Nb.Connection.NoKey,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Connection $using:c*'
        $c = Get-NbConnection
        (1 | ForEach-Object -Parallel { Import-Module $using:modulePath; New-NbImage 'a fox' -Connection $using:c }).Width | Should -Be 1024
    }
}

Describe 'The state of a batch' {
    It 'distinguishes a failed batch from a stopped one, also after a reload' {
        $failed = 'a fox', 'a hare [[BLOCK]]' | Start-NbBatch -Destination failed -Wait -ErrorAction SilentlyContinue
        $failed.State | Should -Be Failed
        (Get-NbBatch failed).State | Should -Be Failed
        $stopped = 'a fox', 'a hare', 'an owl' | Start-NbBatch -Destination stopped -Wait -MaxCost 0.06 -ThrottleLimit 1 -ErrorAction SilentlyContinue
        $stopped.State | Should -Be Stopped
        (Get-NbBatch stopped).State | Should -Be Stopped
    }

    It 'keeps the images of its items after a reload' {
        'a fox' | Start-NbBatch -Destination reload -Wait | Out-Null
        $item = (Get-NbBatch reload).Items[0]
        $item.Image.Prompt | Should -Be 'a fox'
        $item.Image.Path | Should -Be $item.Path
    }
}

Describe 'A budget too small for any item' {
    It 'is one error, with the count' {
        $batch = 1..20 | ForEach-Object { "a fox $_" } |
            Start-NbBatch -Destination poor -Wait -MaxCost 0.01 -ErrorAction SilentlyContinue -ErrorVariable failures
        @($failures).Count | Should -Be 1
        "$failures" | Should -BeLike '20 items were not sent*'
        $batch.State | Should -Be Stopped
    }
}

Describe 'A parameter that would be passed over' {
    It 'is refused: <_>' -ForEach @(
        'Export-NbReport . -Port 80'
        'Export-NbReport . -Serve -OutFile page.html'
        'Export-NbReport . -Serve -PassThru'
        'Export-NbReport . -Serve -SelfContained'
        'Connect-NbService -Offline -Per Day'
        "'a' | Start-NbBatch -Destination per -Per Day"
    ) {
        { & ([scriptblock]::Create($_)) } | Should -Throw -ErrorId 'Nb.Usage.*'
    }

    It 'serves a batch of the pipeline, and no images' {
        'a fox' | Start-NbBatch -Destination served -Wait | Export-NbReport -Serve -WhatIf
        Import-NbImage fox.jpg | Export-NbReport -Serve -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Review.NotAFolder,*'
    }

    It 'keeps the name of a row that is varied' {
        $made = [pscustomobject]@{ name = 'hero'; prompt = 'a fox' } | New-NbImage -Vary @{ light = 'dawn', 'dusk' } -Destination varied
        $made.Path | Split-Path -Leaf | Should -Be 'hero-dawn.jpg', 'hero-dusk.jpg'
    }
}

Describe 'Completion' {
    It 'proposes <Expected> for <Line>' -ForEach @(
        @{ Line = 'Start-NbBatch campaign.json -Destination out -Only fox-'; Expected = @('fox-night') }
        @{ Line = "Invoke-NbEdit 'a hat' fox.jpg -From "; Expected = @('2') }
        @{ Line = "Import-NbImage fox.jpg | Invoke-NbEdit 'a hat' -From "; Expected = @('2') }
        @{ Line = 'Connect-NbService -Project p -Location europe-west8'; Expected = @('europe-west8') }
        @{ Line = 'Connect-NbService -SecretName gem'; Expected = @('gemini') }
    ) {
        # What a vault lists, where there is one.
        Set-Item function:global:Get-SecretInfo { [pscustomobject]@{ Name = 'gemini' }, [pscustomobject]@{ Name = 'other' } }
        try { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText | Should -Be $Expected }
        finally { Remove-Item function:Get-SecretInfo }
    }
}

Describe 'What a batch tells' {
    It 'says with -WhatIf what is sent, what is not, and why' {
        $rows = 1..3 | ForEach-Object { @{ name = "w$_"; prompt = "a fox $_$(if ($_ -eq 2) { ' [[BLOCKED]]' })" } }
        $rows | Start-NbBatch -Destination told -Wait -ErrorAction SilentlyContinue | Out-Null
        $shell = New-TestShell $connection ($screen = [RecordingHost]::new())
        $null = $shell.AddScript("Set-Location '$PWD'; `$args[0] | Start-NbBatch -Destination told -Connection `$connection -WhatIf").AddArgument($rows).Invoke()
        $screen.Lines -join "`n" | Should -Match 'Make 0 of 3 images in .*told live: nothing is sent; 2 up to date, 1 failed before \(-RetryFailed tries them\)'
        $shell.Dispose()
    }

    It 'tells of every call and item with -Verbose, also by the command that waits' {
        $batch = 'a hare', 'an owl' | Start-NbBatch -Destination verbose
        $lines = $batch | Wait-NbBatch -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        @($lines -match 'POST .*generateContent: HTTP 200').Count | Should -Be 2
        @($lines -match '^(a-hare|an-owl): Succeeded, \$').Count | Should -Be 2
    }
}
