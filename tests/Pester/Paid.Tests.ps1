# What was paid for is kept: answers, jobs and gateways as they really are, met by the commands people type.

BeforeDiscovery {
    # The picture is in the answer, wherever it stands.
    $shapes = @(
        'dataUrlText', 'dataPrefix', 'unaskedStream', 'streamComment', 'jsonGuard', 'byteOrderMark', 'gzip', 'brotli', 'secondCandidate', 'badPart',
        'unknownFields', 'oddOrder', 'wrongMimeType', 'oneByteChunks' | ForEach-Object { @{ Fault = $_; Count = 1 } }
        @{ Fault = 'twoCandidates'; Count = 2 }
    )

    # What the money says, the answer has a picture.
    $usages = 'zeroUsage', 'emptyUsage', 'noUsage', 'unknownUsage' | ForEach-Object { @{ Fault = $_ } }

    # Whoever stands between us and the service says that it failed, after it had all of the request.
    $gateways = @(
        @{ Fault = 'badGateway' }, @{ Fault = 'gatewayTimeout' }, @{ Fault = 'lateBadGateway' }, @{ Fault = 'lateGatewayTimeout' }, @{ Fault = 'html' }
        @{ Fault = 'emptyBody' }, @{ Fault = 'truncate' }
    )

    # Results of jobs. No picture lies under another item's name, and nothing is bought again.
    $results = @(
        @{ Fault = 'resultsShuffled'; Made = 3; Uncertain = 0 }
        @{ Fault = 'resultWithoutKey'; Made = 3; Uncertain = 0 }
        @{ Fault = 'resultsWithoutKeys'; Made = 0; Uncertain = 3 }
        @{ Fault = 'resultsInlined'; Made = 3; Uncertain = 0 }
        @{ Fault = 'unknownResultKey'; Made = 2; Uncertain = 1 }
        @{ Fault = 'resultTwice'; Made = 3; Uncertain = 0 }
        @{ Fault = 'deepResult'; Made = 3; Uncertain = 0 }
        @{ Fault = 'overflowingResult'; Made = 3; Uncertain = 0 }
        @{ Fault = 'brokenResult'; Made = 2; Uncertain = 1 }
    )
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # What each of them looks like.
    $drawn = @{}
    $honest = Start-TestServer
    'fox', 'owl', 'bear' | ForEach-Object { $drawn[$_] = (New-NbImage "the $_" -Connection $honest.Connection).Sha256 }
    Stop-TestServer $honest
}

Describe 'What was paid for' {
    BeforeEach {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
    }

    AfterEach {
        Stop-TestServer $server
        $server = $null
        Pop-Location
    }

    It 'is saved from an answer with <Fault>' -ForEach $shapes {
        $server = Start-TestServer "[{`"fault`":`"$Fault`",`"nth`":1}]"
        $images = @(New-NbImage 'a fox' -Destination . -WarningAction Ignore)
        $images | Should -HaveCount $Count
        $images.Path | Should -Exist
        $server.Service.Statistics.BilledGenerations | Should -Be 1
        $images | ForEach-Object { $_.Cost | Should -BeGreaterThan 0.02 }
    }

    It 'has at least the price of its picture, with <Fault>' -ForEach $usages {
        $server = Start-TestServer "[{`"fault`":`"$Fault`"}]"
        $images = 1..6 | ForEach-Object { "fox $_" } | New-NbImage -Destination . -MaxCost 0.07 -ErrorAction SilentlyContinue
        $images | ForEach-Object { $_.Cost | Should -BeGreaterThan 0.02 }
        $server.Service.Statistics.BilledGenerations | Should -BeLessOrEqual 2
    }

    It 'is not sent again after <Fault>' -ForEach $gateways {
        $server = Start-TestServer "[{`"fault`":`"$Fault`",`"nth`":1}]"
        New-NbImage 'a fox' -Destination . -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
        $failed[0].Exception.IsUncertain | Should -BeTrue
        $failed[0].Exception.Message.Length | Should -BeLessThan 600
        @($server.Service.Journal.Entries | Where-Object Method -EQ POST) | Should -HaveCount 1
        (Get-NbUsage .).Uncertain | Should -Be 1
    }

    It 'is saved or kept when the connection is reset after the answer, and not sent again' {
        # How much of the answer arrives before the reset is up to the system.
        $server = Start-TestServer '[{"fault":"resetAfter","nth":1}]'
        $made = @(New-NbImage 'a fox' -Destination . -WarningAction Ignore -ErrorAction SilentlyContinue -ErrorVariable failed)
        $made.Count + $failed.Count | Should -Be 1
        $failed | ForEach-Object { $_.Exception.IsUncertain | Should -BeTrue }
        @($server.Service.Journal.Entries | Where-Object Method -EQ POST) | Should -HaveCount 1
        $usage = Get-NbUsage .
        $usage.Answers + $usage.Uncertain | Should -Be 1
    }

    It 'is a conversation when the answer is text' {
        $server = Start-TestServer '[{"fault":"textOnly","nth":[1,2]}]'
        New-NbImage 'a verse' -Destination . -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Answer.NoImage*'
        $null = $refused[0].Exception.Message -match 'kept in (.+\.txt)'
        (Import-NbImage $Matches[1]).Conversation.Turns | Should -HaveCount 2
        $words = New-NbImage 'a verse' -Destination . -AllowText
        $words.Text | Should -Not -BeNullOrEmpty
        ($words | Invoke-NbEdit 'now as a picture' -Destination .).Conversation.Turns | Should -HaveCount 4
        (Get-NbUsage .).Answers | Should -Be 3
    }

    It 'is a link when the answer has one: the error explains how to fetch it' {
        $server = Start-TestServer '[{"fault":"linkedImage","nth":1}]'
        New-NbImage 'a fox' -Destination . -ErrorAction SilentlyContinue -ErrorVariable linked
        $linked[0].ErrorDetails.RecommendedAction | Should -BeLike '*Import-NbImage*http*'
        $linked[0].Exception.Message.Length | Should -BeLessThan 600
    }

    It 'is reported when a cache gives the same answer to all' {
        $server = Start-TestServer '[{"fault":"sameAnswer"}]'
        $rows = 1..6 | ForEach-Object { @{ name = "fox-$_"; prompt = "fox $_" } }
        $items = $rows | Start-NbBatch -Destination . -Wait -WarningVariable warnings -WarningAction SilentlyContinue | Receive-NbBatch
        $items | Should -HaveCount 6
        $items.Path | Should -Exist
        "$warnings" | Should -BeLike '*same*'
    }

    It 'is sent without uploads when uploads are refused: <Fault>' -ForEach @(@{ Fault = 'filesMissing' }, @{ Fault = 'fileDataRefused' }) {
        $server = Start-TestServer "[{`"fault`":`"$Fault`"}]"
        New-NbImage 'a courier' | Set-NbAnchor kael -Description 'a courier'
        1..3 | ForEach-Object { "scene $_" } | New-NbImage -Anchor kael -Destination . -WarningAction Ignore | Should -HaveCount 3
        $server.Service.Statistics.BilledGenerations | Should -Be 4
        $server.Service.Journal.Entries.Path -match 'upload' | Should -Not -BeNullOrEmpty
        Remove-NbAnchor kael
    }

    It 'is saved under no wrong name when a job has <Fault>' -ForEach $results {
        $server = Start-TestServer "[{`"fault`":`"$Fault`",`"path`":`"*:batchGenerateContent`"}]" -QuickJobs
        $rows = 'fox', 'owl', 'bear' | ForEach-Object { @{ name = $_; prompt = "the $_" } }
        $batch = $rows | Start-NbBatch -Destination . -Mode Batch -Wait -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        @($batch.Items | Where-Object State -EQ Succeeded) | Should -HaveCount $Made
        @($batch.Items | Where-Object State -EQ Uncertain) | Should -HaveCount $Uncertain
        foreach ($item in $batch.Items | Where-Object State -EQ Succeeded) {
            $image = Import-NbImage $item.Path
            $image.Prompt | Should -Be "the $($item.Name)"
            $image.Sha256 | Should -Be $drawn[$item.Name]
        }
        $billed = $server.Service.Statistics.BatchGenerations
        $null = $rows | Start-NbBatch -Destination . -Mode Batch -Wait -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        $server.Service.Statistics.BatchGenerations | Should -Be $billed
    }

    It 'is not exceeded: 40,000 thought tokens per answer, 20 prompts, $1, <Limit> at once' -ForEach @(@{ Limit = 1 }, @{ Limit = 16 }) {
        $server = Start-TestServer '[{"fault":"longThoughts","count":40000}]'
        $prompts = 1..20 | ForEach-Object { "picture $_" }
        $null = $prompts | New-NbImage -Destination . -ThrottleLimit $Limit -MaxCost 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $server.Service.Statistics.BilledUsd | Should -BeLessOrEqual 1
        $server.Service.Statistics.BilledUsd | Should -BeGreaterThan 0.3
    }
}

Describe 'Nothing odd is bought' {
    BeforeEach {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
        $server = Start-TestServer
    }

    AfterEach {
        Stop-TestServer $server
        Pop-Location
    }

    It 'by <Line>' -ForEach @(
        @{ Line = '"name;prompt;size", "fox;a red fox;1K" | ConvertFrom-Csv | New-NbImage'; Says = "*-Delimiter ';'*" }
        @{ Line = '[pscustomobject]@{ promt = "a fox" } | New-NbImage'; Says = '*prompt*' }
        @{ Line = '7 | New-NbImage'; Says = '*' }
        @{ Line = 'Get-Date | New-NbImage'; Says = '*' }
        @{ Line = '[byte[]](1..5) | Add-Member note x -PassThru | New-NbImage'; Says = '*' }
        @{ Line = '[pscustomobject]@{ prompt = "a f$([char]0xFFFD)x" } | New-NbImage'; Says = '*' }
        @{ Line = '[pscustomobject]@{ prompt = "a fox"; siz = "1K" } | New-NbImage'; Says = '*size*' }
    ) {
        $made = & ([scriptblock]::Create($Line)) -ErrorAction SilentlyContinue 2>&1
        @($made | Where-Object { $_ -is [NanoBanana.Images.NbImage] }) | Should -BeNullOrEmpty
        $said = @($made | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $said | Should -Not -BeNullOrEmpty
        "$($said[0].Exception.Message) $($said[0].ErrorDetails.RecommendedAction)" | Should -BeLike $Says
        $server.Service.Statistics.BilledGenerations | Should -Be 0
    }

    It 'and a row has the same meaning for every command: <Column>' -ForEach @(
        @{ Column = 'aspect_ratio'; Value = '16:9' }, @{ Column = 'seed'; Value = 7 }, @{ Column = 'size'; Value = '1K' }
        @{ Column = 'references'; Value = 'ref.jpg' }, @{ Column = 'model'; Value = 'nano-banana-pro' }, @{ Column = 'anchors'; Value = 'kael' }
        @{ Column = 'grounding'; Value = 'web' }
    ) {
        $kael = New-NbImage 'a courier' -OutFile ref.jpg
        $kael | Set-NbAnchor kael -Description 'a courier'
        $hashes = foreach ($way in { $input | New-NbImage }, { $input | Start-NbBatch -Destination batch -Wait | Receive-NbBatch }) {
            ([pscustomobject]@{ prompt = 'a fox'; $Column = $Value } | & $way).RequestHash
        }
        $plain = (New-NbImage 'a fox').RequestHash
        $hashes[0] | Should -Be $hashes[1]
        $hashes[0] | Should -Not -Be $plain
        Remove-NbAnchor kael
    }

    It 'an image piped in repeats its whole request' {
        New-NbImage 'a courier' | Set-NbAnchor kael -Description 'a courier'
        $draft = New-NbImage 'Kael as a poster' -Anchor kael -Size 1K
        $final = $draft | New-NbImage -Model nb-pro -Size 4K
        $final.Anchors | Should -Be 'kael'
        Remove-NbAnchor kael
    }

    It '$null counts as omitted: <Line>' -ForEach @(
        @{ Line = 'New-NbImage fox -Reference $null' }, @{ Line = 'New-NbImage fox -Anchor $null' }
        @{ Line = '[pscustomobject]@{ prompt = "fox"; anchors = $null; reference = $null } | New-NbImage' }
    ) {
        & ([scriptblock]::Create($Line)) | Should -HaveCount 1
    }

    It 'a warning that stops the pipeline comes after the picture is saved and emitted' {
        $odd = Start-TestServer '[{"fault":"smallerImage"}]'
        $images = @()
        try { New-NbImage 'a fox' -Destination . -WarningAction Stop -OutVariable images | Out-Null } catch { $stopped = $_ }
        $stopped | Should -Not -BeNullOrEmpty
        $images | Should -HaveCount 1
        $images[0].Path | Should -Exist
        Stop-TestServer $odd
    }
}
