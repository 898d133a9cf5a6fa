# The main job as a person types it, in the real engine; what it gives is continued by another process.

BeforeAll {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $path = Join-Path $module 'NanoBanana.PowerShell.psd1' | Resolve-Path
    Import-Module $path -ErrorAction Stop
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive 'job'))

    $anchor = & { Connect-NbService -Offline; New-NbImage 'a fox in the snow' -AspectRatio 16:9 | Set-NbAnchor -Name fox -PassThru } | Select-Object -Last 1
    $saved = New-NbImage 'the fox asleep' -Anchor fox | Invoke-NbEdit 'add a red scarf' | Save-NbImage -Destination shots

    function Invoke-Elsewhere([string]$Script) {
        $prelude = "Import-Module '$path' -ErrorAction Stop; Connect-NbService -Offline > `$null; "
        & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -Command ($prelude + $Script) | ConvertFrom-Json
    }

    function Edit-Signature([string]$Image) {
        $sidecar = Get-Content -Raw "$Image.nb.json" | ConvertFrom-Json
        $hash = @($sidecar.conversation.turns.parts.signature.sha256)[-1]
        $blob = Join-Path (Split-Path $Image) ".nb/blobs/$($hash.Substring(0, 2))/$($hash.Substring(2))"
        $bytes = [IO.File]::ReadAllBytes($blob)
        $bytes[-1] = $bytes[-1] -bxor 1
        [IO.File]::WriteAllBytes($blob, $bytes)
    }
}

AfterAll { Pop-Location }

Describe 'The main job' {
    It 'keeps an image as an anchor' {
        $anchor.Name | Should -Be 'fox'
        (Get-NbAnchor).Name | Should -Be 'fox'
    }

    It 'saves the edited image with its bytes and its conversation' {
        $file = Get-Item shots/*.jpg
        $saved.Path | Should -Be $file.FullName
        [IO.File]::ReadAllBytes($file)[0..2] | Should -Be 0xFF, 0xD8, 0xFF
        "$file.nb.json" | Should -Exist
        $saved.Conversation.Turns.Role | Should -Be 'user', 'model', 'user', 'model'
    }

    It 'continues the conversation in a new process' {
        $edited = Invoke-Elsewhere "Import-NbImage shots/*.jpg | Invoke-NbEdit 'make it night' | Select-Object Prompt, @{ n = 'Turns'; e = { `$_.Conversation.Turns.Length } } | ConvertTo-Json"
        $edited.Prompt | Should -Be 'make it night'
        $edited.Turns | Should -Be 6
    }

    It 'imports what Get-ChildItem finds' {
        (Get-ChildItem shots/*.jpg | Import-NbImage).Sha256 | Should -Be $saved.Sha256
    }

    It 'refuses a changed signature, offers -Rebase, and then works' {
        Copy-Item shots changed -Recurse -Force
        $image = (Get-Item changed/*.jpg).FullName
        Edit-Signature $image

        Invoke-NbEdit 'make it night' -LiteralPath $image -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($failures[0].ErrorDetails.RecommendedAction)" | Should -Match '-Rebase'
        (Invoke-NbEdit 'make it night' -LiteralPath $image -Rebase).Conversation.Turns.Length | Should -Be 2
    }

    It 'draws in parallel and emits every image' {
        ('a', 'b', 'c' | New-NbImage -ThrottleLimit 3).Prompt | Sort-Object | Should -Be 'a', 'b', 'c'
    }

    It 'with -WhatIf reports what it would send, and sends nothing' {
        New-NbImage 'a fox' -WhatIf | Should -BeNullOrEmpty
    }

    It 'shows an image as a table and as a list' {
        $saved | Format-Table | Out-String | Should -Match 'Pixels'
        $saved | Format-List | Out-String | Should -Match 'Turns\s*:\s*4'
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'New-NbImage -Anchor f'; Expected = 'fox' }
        @{ Line = 'New-NbImage -AspectRatio 16'; Expected = '16:9' }
        @{ Line = 'Edit-NbImage -AspectRatio "16'; Expected = '"16:9"' }
    ) {
        $offers = [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
        $offers.CompletionText | Should -Contain $Expected
    }
}

Describe 'Without a connection' {
    It 'ends with the possible solutions' {
        Disconnect-NbService
        $keys = 'GOOGLE_API_KEY', 'GEMINI_API_KEY' | Where-Object { Test-Path "Env:$_" }
        $keys | Should -BeNullOrEmpty -Because 'this test must run without a key'

        $failure = { New-NbImage 'a fox' } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'Nb.Connection.NoKey,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Offline'
    }
}
