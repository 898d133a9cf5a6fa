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
    It 'ends with the right character, three recorded tries, reasons in the prompts, within the budget' {
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

    It 'emits the best try and the reasons when no try is good enough' {
        $null = Connect-NbService -Offline -Fault judgeLowScores
        $null = Set-Fox (Join-Path $TestDrive low)
        $made = New-NbImage 'the fox awake' -Anchor fox -MinimumScore 0.85 -MaximumTryCount 2 -ErrorVariable failed -ErrorAction SilentlyContinue
        $made.Verdict.IsAccepted | Should -BeFalse
        Get-NbErrorId $failed[0] | Should -Be 'Nb.Judge.Rejected'
        "$($failed[0])" | Should -Match 'The face is another one'
    }

    It 'does not exceed -MaxCost with its tries' {
        $null = Connect-NbService -Offline -Fault judgeLowScores
        $null = Set-Fox (Join-Path $TestDrive budget)
        $before = (Get-NbEmulator).Statistics.BilledUsd
        $null = New-NbImage 'the fox awake' -Anchor fox -MinimumScore 0.85 -MaximumTryCount 9 -MaxCost 0.15 `
            -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledUsd - $before | Should -BeLessOrEqual 0.15
    }

    It 'tries again after a missing picture only with -MaximumTryCount' -ForEach @{ Most = 1; Paid = 1 }, @{ Most = 3; Paid = 3 } {
        $null = Connect-NbService -Offline
        $null = New-NbImage 'a fox [[NO_IMAGE]]' -MaximumTryCount $Most -ErrorAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledGenerations | Should -Be $Paid
    }

    It 'applies a policy''s own score without -MinimumScore' {
        # The fox of the anchor is the first picture; the next two are forgetful.
        $null = Connect-NbService -Offline -Fault $drawerFault
        $fox = Set-Fox (Join-Path $TestDrive policy)
        '{"minimumScore":0.85}' | Set-Content (Join-Path $TestDrive policy/brand.json)
        $image = New-NbImage 'the fox asleep' -Anchor fox -Policy (Join-Path $TestDrive policy/brand.json) -MaximumTryCount 3
        $image.Verdict.Try | Should -Be 3
        $image.Verdict.MinimumScore | Should -Be 0.85
    }

    It 'rejects an item of a batch after its tries, and does not try it again' {
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

Describe 'Edits that restore the protected parts' {
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

    It 'do so with a real photo too' {
        $null = Convert-NbImage $source -Width 512 -OutFile (Join-Path $TestDrive keep/made.jpg)
        # In a folder of its own it remembers nothing.
        $null = New-Item (Join-Path $TestDrive photo) -ItemType Directory
        Copy-Item (Join-Path $TestDrive keep/made.jpg) (Join-Path $TestDrive photo/photo.jpg)
        $photo = Import-NbImage (Join-Path $TestDrive photo/photo.jpg)
        $small = @{ Model = 'gemini-3.1-flash-image'; Size = '512'; WarningAction = 'SilentlyContinue' }
        $kept = $photo | Invoke-NbEdit 'a lamp' -Region 60,40,150,100 -OutFile (Join-Path $TestDrive photo/kept.png) @small
        $free = $photo
        foreach ($number in 1..2) { $free = $free | Invoke-NbEdit "lamp $number" -OutFile (Join-Path $TestDrive "photo/free$number.jpg") @small }
        @($kept | Measure-NbDrift -Region 60,40,150,100).MeanError | Should -Be 0
        $curve = @($free | Measure-NbDrift -Region 60,40,150,100).ForEach{ $_.MeanError }
        $curve[0] | Should -BeGreaterThan 1.5
        $curve[1] | Should -BeGreaterThan $curve[0]
    }

    It 'save the model''s own picture too, record both, and continue its conversation' {
        $made = $source | Invoke-NbEdit 'a lamp' -Protect -OutFile (Join-Path $TestDrive keep/p.png) -WarningAction SilentlyContinue
        $read = Import-NbImage $made.Path
        Join-Path $TestDrive keep/p-model.jpg | Should -Exist
        $read.Derivation.How | Should -Match 'copied back from the source'
        $read.Derivation.FromFile | Should -Be 'p-model.jpg'
        ($read | Invoke-NbEdit 'a hat').Conversation.Turns.Length | Should -Be 6
    }

    It 'accept a region without quotes' {
        $made = $source | Invoke-NbEdit 'a lamp' -Region 120,80,300,200 -WarningAction SilentlyContinue
        $made.Derivation.How | Should -Match 'region 120,80,300,200'
    }
}

Describe 'Bad input is refused before anything is paid for' {
    BeforeAll {
        $null = Connect-NbService -Offline
        $fox = Set-Fox (Join-Path $TestDrive bad)
        '{"collors":["#ff0000"]}' | Set-Content (Join-Path $TestDrive bad/brand.json)
        '{"logo":"nologo"}' | Set-Content (Join-Path $TestDrive bad/logo.json)
        '{"minimumWidth":8}' | Set-Content (Join-Path $TestDrive bad/wide.json)
        'no picture' | Set-Content (Join-Path $TestDrive bad/broken.png)
        $whole = Convert-NbImage $fox -Width 512 -OutFile (Join-Path $TestDrive bad/whole.jpg)
        [IO.File]::WriteAllBytes((Join-Path $TestDrive bad/cut.jpg), [IO.File]::ReadAllBytes("$whole")[0..2000])
        $null = Convert-NbImage $fox -Width 512 -Height 100 -Fit Cover -OutFile (Join-Path $TestDrive bad/wide.png)
        $paid = (Get-NbEmulator).Statistics.BilledUsd
    }

    It '<Name>: <Id>' -ForEach @(
        @{ Name = 'no anchor'; Id = 'Nb.Judge.NothingToCheck'; Do = { New-NbImage 'a hen' -MinimumScore 0.9 } }
        @{ Name = 'an anchor nobody set'; Id = 'Nb.Anchor.Unknown'; Do = { New-NbImage 'a hen' -Anchor hen -MinimumScore 0.9 } }
        @{ Name = 'an unreadable reference'; Id = 'Nb.File.NotAnImage'; Do = { $fox | Test-NbImage -Reference (Join-Path $TestDrive bad/broken.png) } }
        @{ Name = 'a region outside'; Id = 'Nb.Picture.RegionOutside'; Do = { $fox | Invoke-NbEdit 'a hat' -Region 2000,0,10,10 } }
        @{ Name = 'a region that is none'; Id = 'Nb.Picture.InvalidRegion'; Do = { $fox | Invoke-NbEdit 'a hat' -Region left } }
        @{ Name = 'a mask that is not there'; Id = 'Nb.File.NotFound'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive none.png) } }
        @{ Name = 'a mask that is no picture'; Id = 'Nb.File.NotAnImage'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive bad/broken.png) } }
        @{ Name = 'a mask that is cut off'; Id = 'Nb.Picture.Damaged'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive bad/cut.jpg) } }
        @{ Name = 'a mask of another shape'; Id = 'Nb.Picture.InvalidMask'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive bad/wide.png) } }
        @{ Name = 'a photo as a mask'; Id = 'Nb.Picture.InvalidMask'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive bad/whole.jpg) } }
        @{ Name = 'the same once more'; Id = 'Nb.Picture.InvalidMask'; Do = { $fox | Invoke-NbEdit 'a hat' -Mask (Join-Path $TestDrive bad/whole.jpg) } }
        @{ Name = 'a reference that is cut off'; Id = 'Nb.Picture.Damaged'; Do = { New-NbImage 'a hen' -Reference (Join-Path $TestDrive bad/cut.jpg) -MinimumScore 0.9 } }
        @{ Name = 'a region without height'; Id = 'Nb.Picture.InvalidRegion'; Do = { $fox | Invoke-NbEdit 'a hat' -Region 10,10,20,0 } }
        @{ Name = 'a region left of the picture'; Id = 'Nb.Picture.InvalidRegion'; Do = { $fox | Invoke-NbEdit 'a hat' -Region '-10,10,20,20' } }
        @{ Name = 'a score above 1'; Id = 'ParameterArgumentValidationError'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore 1.5 } }
        @{ Name = 'a score that is no number'; Id = 'ParameterArgumentValidationError'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore NaN } }
        @{ Name = 'no try'; Id = 'ParameterArgumentValidationError'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore 0.9 -MaximumTryCount 0 } }
        @{ Name = 'no vote'; Id = 'ParameterArgumentValidationError'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore 0.9 -Votes 0 } }
        @{ Name = 'a policy that is no JSON'; Id = 'Nb.Policy.Invalid'; Do = { New-NbImage 'a hen' -Policy (Join-Path $TestDrive bad/broken.png) } }
        @{ Name = 'a policy that is a folder'; Id = 'Nb.Policy.Invalid'; Do = { New-NbImage 'a hen' -Policy (Join-Path $TestDrive bad) } }
        @{ Name = 'a policy whose logo is absent'; Id = 'Nb.Policy.Invalid'; Do = { New-NbImage 'a hen' -Policy (Join-Path $TestDrive bad/logo.json) } }
        @{ Name = 'a drift from nothing'; Id = 'Nb.Judge.NothingToCheck'; Do = { $fox | Test-NbImage -Anchor fox -MaximumDrift 3 } }
        @{ Name = 'a score of nothing'; Id = 'Nb.Judge.NothingToCheck'; Do = { $fox | Test-NbImage -Policy (Join-Path $TestDrive bad/wide.json) -MinimumScore 0.9 } }
        @{ Name = 'a policy with an unknown key'; Id = 'Nb.Policy.UnknownKey'; Do = { New-NbImage 'a hen' -Policy (Join-Path $TestDrive bad/brand.json) } }
        @{ Name = 'a judge that is not there'; Id = 'Nb.Judge.UnknownModel'; Do = { New-NbImage 'a hen' -Anchor fox -MinimumScore 0.9 -JudgeModel nobody } }
    ) {
        $failed = $null
        try { & $Do -ErrorVariable failed -ErrorAction SilentlyContinue 2>&1 | ForEach-Object { $failed = $_ } } catch { $failed = $_ }
        Get-NbErrorId $failed | Should -Be $Id
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

    It 'distinguishes the same character from another, and emits one bool with -Quiet' {
        ($same | Test-NbImage -Anchor fox).Verdict | Should -Be Accepted
        ($other | Test-NbImage -Anchor fox).Verdict | Should -Be Rejected
        $same | Test-NbImage -Anchor fox -Quiet | Should -BeTrue
        $same, $other | Test-NbImage -Anchor fox -Quiet | Should -BeFalse
    }

    It 'compares lettering letter by letter' {
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

    It 'records the cost of judging separately, and respects -MaxCost' {
        $server = Start-TestServer
        try {
            $fox = Set-Fox (Join-Path $TestDrive paid)
            $drawn = $server.Service.Statistics.BilledUsd
            $checks = @($fox, $fox | Test-NbImage -Anchor fox)
            $judged = [math]::Round($server.Service.Statistics.BilledUsd - $drawn, 6)
            $judged | Should -BeGreaterThan 0
            [math]::Round(($checks | Measure-Object Cost -Sum).Sum, 6) | Should -Be $judged
            $usage = Get-NbUsage (Join-Path $TestDrive paid) -GroupBy None
            $usage.Judgings | Should -Be 2
            [math]::Round($usage.JudgingCost, 6) | Should -Be $judged
            [math]::Round($usage.Cost, 6) | Should -Be ([math]::Round($drawn, 6))
            # Enough for one more, and not for two.
            $spent = $server.Service.Statistics.BilledUsd
            $null = $fox, $fox, $fox | Test-NbImage -Anchor fox -MaxCost ($judged * 0.9) -ErrorVariable failed -ErrorAction SilentlyContinue
            $server.Service.Statistics.BilledUsd - $spent | Should -BeLessOrEqual ($judged * 0.9)
            Get-NbErrorId $failed[-1] | Should -Be 'Nb.Budget.Exceeded'
        }
        finally {
            Stop-TestServer $server
        }
    }

    It 'costs nothing when nothing has to be judged' {
        $before = (Get-NbEmulator).Statistics.BilledUsd
        ($same | Test-NbImage -Against $fox).Cost | Should -Be 0
        (Get-NbEmulator).Statistics.BilledUsd | Should -Be $before
    }
}
