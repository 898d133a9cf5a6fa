BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    function Set-Fox {
        # A fox in its own folder, as an anchor of this session.
        param([string]$Folder)

        $image = New-NbImage 'a fox' -OutFile (Join-Path $Folder fox.jpg)
        $image | Set-NbAnchor fox
        $image
    }

    $drawerFault = '[{"fault":"forgetReferences","path":"*nano-banana*","nth":2},{"fault":"forgetReferences","path":"*nano-banana*","nth":3}]'
}

Describe 'A score that is enforced' {
    It 'ends with the right character, three paid tries on record, reasons in the prompts, the budget kept' {
        $server = Start-TestServer -Fault $drawerFault
        try {
            $null = Set-Fox $TestDrive
            $made = New-NbImage 'the fox asleep' -Anchor fox -MinimumScore 0.85 -MaximumTryCount 3 -MaxCost 1 `
                -OutFile (Join-Path $TestDrive right/hero.jpg)

            $made.Verdict.IsAccepted | Should -BeTrue
            $made.Verdict.Try | Should -Be 3
            $made.Path | Should -BeLike '*hero.jpg'
            $made.ComposedPrompt | Should -Match 'Reference 1 is not in the picture'
            $tries = Get-ChildItem (Join-Path $TestDrive right) -Filter *.jpg | Import-NbImage
            $tries.Count | Should -Be 3
            @($tries.Verdict.IsAccepted -eq $false).Count | Should -Be 2
            # What the folder says was spent is what the service says, but for the fox of the anchor.
            $usage = Get-NbUsage (Join-Path $TestDrive right)
            ($usage | Measure-Object Answers -Sum).Sum | Should -Be 3
            ($usage | Measure-Object Judgings -Sum).Sum | Should -Be 3
            $all = Get-NbUsage $TestDrive
            $spent = ($all | Measure-Object Cost -Sum).Sum + ($all | Measure-Object JudgingCost -Sum).Sum
            [math]::Round($spent, 6) | Should -Be ([math]::Round($server.Service.Statistics.BilledUsd, 6))
        }
        finally {
            Stop-TestServer $server
        }
    }

    It 'emits the best and says why where no try is good enough' {
        $null = Connect-NbService -Offline -Fault judgeLowScores
        $null = Set-Fox (Join-Path $TestDrive low)
        $made = New-NbImage 'the fox awake' -Anchor fox -MinimumScore 0.85 -MaximumTryCount 2 -ErrorVariable failed -ErrorAction SilentlyContinue
        $made.Verdict.IsAccepted | Should -BeFalse
        Get-BareErrorId $failed[0] | Should -Be 'Nb.Judge.Rejected'
        "$($failed[0])" | Should -Match 'The face is another one'
    }

    It 'does not pass -MaxCost with its tries' {
        $null = Connect-NbService -Offline -Fault judgeLowScores
        $null = Set-Fox (Join-Path $TestDrive budget)
        $before = (Get-NbEmulator).Statistics.BilledUsd
        $null = New-NbImage 'the fox awake' -Anchor fox -MinimumScore 0.85 -MaximumTryCount 9 -MaxCost 0.15 `
            -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledUsd - $before | Should -BeLessOrEqual 0.15
    }

    It 'tries a picture that did not come again, only where -MaximumTryCount says so' -ForEach @{ Most = 1; Paid = 1 }, @{ Most = 3; Paid = 3 } {
        $null = Connect-NbService -Offline
        $null = New-NbImage 'a fox [[NO_IMAGE]]' -MaximumTryCount $Most -ErrorAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledGenerations | Should -Be $Paid
    }

    It 'rejects an item of a batch after its tries, and leaves it so' {
        $null = Connect-NbService -Offline -Fault judgeLowScores
        $null = Set-Fox (Join-Path $TestDrive rejected)
        $manifest = Join-Path $TestDrive rejected/m.json
        '{"anchors":[{"name":"fox","path":"fox.jpg"}],"items":[{"name":"a","prompt":"the fox","anchors":["fox"],"minimumScore":0.9,"maximumTryCount":2}]}' |
            Set-Content $manifest
        $destination = Join-Path $TestDrive rejected/out
        $null = Start-NbBatch $manifest -Destination $destination -Wait -ErrorAction SilentlyContinue
        $item = (Get-NbBatch $destination).Items[0]
        $item.State | Should -Be Rejected
        $item.Error.Message | Should -Match 'The face is another one'
        $paid = (Get-NbEmulator).Statistics.BilledGenerations
        $null = Start-NbBatch -Destination $destination -Wait -ErrorAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledGenerations | Should -Be $paid
    }
}

Describe 'Edits that keep what was not meant' {
    BeforeAll {
        $null = Connect-NbService -Offline -Drift
        $source = New-NbImage 'a fox' -OutFile (Join-Path $TestDrive keep/fox.jpg)
        $region = '120,80,300,200'
    }

    It 'stay at 0 outside the region over several edits, and drift without it' {
        $kept = $free = $source
        foreach ($number in 1..4) {
            $kept = $kept | Invoke-NbEdit "lamp $number" -Region $region -OutFile (Join-Path $TestDrive "keep/k$number.png") -WarningAction SilentlyContinue
            $free = $free | Invoke-NbEdit "lamp $number" -OutFile (Join-Path $TestDrive "keep/f$number.jpg")
        }
        $curve = @($kept | Measure-NbDrift -Region $region)
        $curve.Count | Should -Be 4
        $curve.ForEach{ $_.MeanError } | Should -Be @(0, 0, 0, 0)
        @($free | Measure-NbDrift -Region $region)[-1].MeanError | Should -BeGreaterThan 6
    }

    It 'keep the model''s own picture beside, say what is what, and go on with its conversation' {
        $made = $source | Invoke-NbEdit 'a lamp' -Protect -OutFile (Join-Path $TestDrive keep/p.png) -WarningAction SilentlyContinue
        $read = Import-NbImage $made.Path
        Join-Path $TestDrive keep/p-model.jpg | Should -Exist
        $read.Derivation.How | Should -Match 'copied back from the source'
        $read.Derivation.FromFile | Should -Be 'p-model.jpg'
        ($read | Invoke-NbEdit 'a hat').Conversation.Turns.Length | Should -Be 6
    }

    It 'take a region as the shell reads it, without quotes' {
        $made = $source | Invoke-NbEdit 'a lamp' -Region 120,80,300,200 -WarningAction SilentlyContinue
        $made.Derivation.How | Should -Match 'region 120,80,300,200'
    }
}

Describe 'Bad input is refused before anything is paid' {
    BeforeAll {
        $null = Connect-NbService -Offline
        $fox = Set-Fox (Join-Path $TestDrive bad)
        '{"colours":["#ff0000"]}' | Set-Content (Join-Path $TestDrive bad/brand.json)
        'no picture' | Set-Content (Join-Path $TestDrive bad/broken.png)
        $paid = (Get-NbEmulator).Statistics.BilledUsd
    }

    It '<Name>: <Id>' -ForEach @(
        @{ Name = 'no anchor'; Id = 'Nb.Judge.NothingToCheck'; Do = { New-NbImage 'a hen' -MinimumScore 0.9 } }
        @{ Name = 'an anchor nobody set'; Id = 'Nb.Anchor.Unknown'; Do = { New-NbImage 'a hen' -Anchor hen -MinimumScore 0.9 } }
        @{ Name = 'an unreadable reference'; Id = 'Nb.File.NotAnImage'; Do = { $fox | Test-NbImage -Reference (Join-Path $TestDrive bad/broken.png) } }
        @{ Name = 'a region outside'; Id = 'Nb.Picture.RegionOutside'; Do = { $fox | Invoke-NbEdit 'a hat' -Region 2000,0,10,10 } }
        @{ Name = 'a region that is none'; Id = 'Nb.Picture.InvalidRegion'; Do = { $fox | Invoke-NbEdit 'a hat' -Region left } }
        @{ Name = 'a mask that is not there'; Id = 'Nb.File.NotFound'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive none.png) } }
        @{ Name = 'a policy with an unknown key'; Id = 'Nb.Policy.UnknownKey'; Do = { New-NbImage 'a hen' -Policy (Join-Path $TestDrive bad/brand.json) } }
        @{ Name = 'a judge that is not there'; Id = 'Nb.Judge.UnknownModel'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore 0.9 -JudgeModel nobody } }
    ) {
        $failed = $null
        try { & $Do -ErrorVariable failed -ErrorAction SilentlyContinue 2>&1 | ForEach-Object { $failed = $_ } } catch { $failed = $_ }
        Get-BareErrorId $failed | Should -Be $Id
        (Get-NbEmulator).Statistics.BilledUsd | Should -Be $paid
    }
}

Describe 'Test-NbImage' {
    BeforeAll {
        $null = Connect-NbService -Offline
        $fox = Set-Fox (Join-Path $TestDrive check)
        $same = New-NbImage 'the fox asleep under "OPEN"' -Anchor fox
        $other = New-NbImage 'an owl asleep'
    }

    It 'tells the same from another, and its -Quiet is one bool' {
        ($same | Test-NbImage -Anchor fox).Verdict | Should -Be Accepted
        ($other | Test-NbImage -Anchor fox).Verdict | Should -Be Rejected
        $same | Test-NbImage -Anchor fox -Quiet | Should -BeTrue
        $same, $other | Test-NbImage -Anchor fox -Quiet | Should -BeFalse
    }

    It 'reads lettering back letter by letter' {
        ($same | Test-NbImage -Text OPEN).Text | Should -Be 1
        ($same | Test-NbImage -Text OVEN).Lettering[0].WrongLetters | Should -Be 1
    }

    It 'measures the same, an edit and another picture in this order: <_>' -ForEach 'a fox', 'an owl', 'a red car' {
        $first = New-NbImage $_
        $packed = $first | Convert-NbImage -Format jpeg -Quality 80
        $edited = $first | Invoke-NbEdit 'a hat'
        $another = New-NbImage "$_, quite another one"
        $found = $packed, $edited, $another | Test-NbImage -Against $first
        $found.Drift[0].MeanError | Should -BeLessThan 1
        $found.Drift[1].MeanError | Should -BeGreaterThan $found.Drift[0].MeanError
        $found.Drift[1].HashDistance | Should -BeLessThan 10
        $found.Drift[2].MeanError | Should -BeGreaterThan (3 * $found.Drift[1].MeanError)
        $found.Drift[2].HashDistance | Should -BeGreaterThan 20
    }

    It 'costs nothing where nothing has to be judged' {
        $before = (Get-NbEmulator).Statistics.BilledUsd
        ($same | Test-NbImage -Against $fox).Cost | Should -Be 0
        (Get-NbEmulator).Statistics.BilledUsd | Should -Be $before
    }
}
