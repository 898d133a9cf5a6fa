# In which order images come, what they carry, and what becomes of those in flight when a pipeline ends early.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive order))
    $connection = Connect-NbService -Offline
    $silently = @{ ErrorVariable = 'failures'; ErrorAction = 'SilentlyContinue' }

    # Runs a script in a process of its own and gives what it says as lines.
    function Invoke-Fresh([scriptblock]$Script, [object[]]$Arguments) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file $Script
        & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -File $file @Arguments 2>&1 | ForEach-Object { "$_" }
    }
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'Images of several requests' {
    It 'are emitted in the order of the input, however long each takes' {
        $slow = Connect-NbService -Offline -Fault @{ fault = 'latency'; every = 2; delay = '300ms' }
        try {
            $made = 1..6 | ForEach-Object { "fox $_" } | New-NbImage -Connection $slow -ThrottleLimit 6
            $made.Prompt | Should -Be (1..6 | ForEach-Object { "fox $_" })
            ('slow', 'quick' | New-NbImage -Connection $slow -WarningAction Ignore | Select-Object -First 1).Prompt | Should -Be slow
        } finally { $slow | Disconnect-NbService; $script:connection = Connect-NbService -Offline }
    }

    It 'are all emitted with -AsCompleted' {
        $made = 1..6 | ForEach-Object { "fox $_" } | New-NbImage -ThrottleLimit 6 -AsCompleted
        $made.Prompt | Sort-Object | Should -Be (1..6 | ForEach-Object { "fox $_" })
    }

    It 'have the input they were asked for with' {
        (New-NbImage 'a fox').InputObject | Should -Be 'a fox'
        $rows = 'a', 'b' | ForEach-Object { [pscustomobject]@{ sku = "sku-$_"; prompt = $_ } }
        ($rows | New-NbImage -WarningAction SilentlyContinue).InputObject.sku | Should -Be 'sku-a', 'sku-b'
        $image = New-NbImage 'a cup' -OutFile cup.jpg
        [object]::ReferenceEquals(($image | Invoke-NbEdit 'in red').InputObject, $image) | Should -BeTrue
        (Invoke-NbEdit 'in blue' ./cup.jpg).InputObject | Should -Be $image.Path
        ($image | Save-NbImage -Destination kept).InputObject | Should -Be 'a cup'
        (Get-Content -Raw "$($image.Path).nb.json") | Should -Not -Match 'InputObject'
    }

    It 'that fail give an error with the input as its target' {
        $row = [pscustomobject]@{ sku = 7; prompt = '[[IMAGE_SAFETY]]' }
        $row, 'a fox' | New-NbImage @silently -WarningAction SilentlyContinue | Should -HaveCount 1
        $failures[0].TargetObject.sku | Should -Be 7
    }
}

Describe 'One cause' {
    It 'is one error: a budget that 28 requests would exceed' {
        1..30 | ForEach-Object { "fox $_" } | New-NbImage -MaxCost 0.13 -ThrottleLimit 1 @silently | Out-Null
        $failures | Should -HaveCount 1
        Get-NbErrorId $failures[0] | Should -Be Nb.Budget.Exceeded
        "$($failures[0])" | Should -Match "^\d+ requests were not sent \('fox \d+', 'fox \d+', 'fox \d+' and \d+ more\): "
        $failures[0].TargetObject[-1] | Should -Be 'fox 30'
    }

    It 'is one error: an anchor that 200 rows name' {
        $rows = 1..200 | ForEach-Object { [pscustomobject]@{ prompt = "fox $_"; anchor = 'nosuch' } }
        $rows | New-NbImage @silently | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        "$($failures[0])" | Should -Match "^200 requests were not sent \('fox 1', 'fox 2', 'fox 3' and 197 more\): There is no anchor 'nosuch'"
        $failures[0].TargetObject | Should -HaveCount 200
    }

    It 'stops at once with -ErrorAction Stop' {
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ prompt = "fox $_"; anchor = 'nosuch' } }
        { $rows | New-NbImage -ErrorAction Stop } | Should -Throw "There is no anchor 'nosuch'*"
    }
}

Describe 'A pipeline that ends early' {
    # In a shell of its own, whose host tells on the screen.
    # Three calls are begun before the first outcome is looked at, since three may be in flight.
    It 'waits for, saves and reports calls in flight: <Name>' -ForEach @(
        @{ Name = 'Select-Object -First'; Ends = 'Select-Object -First 1 | Out-Null' }
        @{ Name = 'an exception downstream'; Ends = "ForEach-Object { throw 'enough' }" }
    ) {
        $place = Join-Path $TestDrive ([guid]::NewGuid())
        $said = Invoke-Fresh -Arguments $modulePath, $place, $Ends {
            param($manifest, $place, $ends)
            Import-Module $manifest
            $null = Connect-NbService -Offline
            & ([scriptblock]::Create("try { 'a', 'b', 'c' | New-NbImage -ThrottleLimit 3 -Destination '$place' | $ends } catch { }"))
            'the end'
        }
        Get-ChildItem $place *.jpg | ForEach-Object Name | Should -Be 'a.jpg', 'b.jpg', 'c.jpg'
        "$said" | Should -Match 'WARNING: Saved in .* after the pipeline had ended: [bc]\.jpg, [bc]\.jpg, \$.*the end'
    }

    It 'saves images in flight with -ErrorAction Stop, and unsaved ones in the folder of rescued images' {
        $data = New-Item -ItemType Directory (Join-Path $TestDrive home) | ForEach-Object FullName
        $said = Invoke-Fresh -Arguments $modulePath, $data {
            param($manifest, $data)
            $env:NB_HOME = $data
            Import-Module $manifest
            $null = Connect-NbService -Offline
            try { '[[IMAGE_SAFETY]]', 'b', 'c' | New-NbImage -ThrottleLimit 3 -ErrorAction Stop }
            catch { "caught $($_.TargetObject)" }
        }
        "$said" | Should -Match 'WARNING: Saved in .*rescued after the pipeline had ended: [bc]\.jpg, [bc]\.jpg.*caught \[\[IMAGE_SAFETY\]\]'
        Get-ChildItem $data -Recurse *.jpg | ForEach-Object Name | Sort-Object | Should -Be 'b.jpg', 'c.jpg'
    }
}

Describe 'What the shell is given' {
    It 'cannot be changed: <Name>' -ForEach @(
        @{ Name = 'Path'; Act = { $image.Path = 'elsewhere.jpg' } }
        @{ Name = 'Cost'; Act = { $image.Cost = 0 } }
        @{ Name = 'Provenance.Cost'; Act = { $image.Provenance.Cost = 0 } }
        @{ Name = 'Conversation'; Act = { $image.Conversation = $null } }
        @{ Name = 'a turn'; Act = { $image.Conversation.Turns[0].Role = 'model' } }
        @{ Name = 'a part'; Act = { $image.Conversation.Turns[0].Parts[0].Text = 'other words' } }
        @{ Name = 'an anchor'; Act = { $anchor.Description = 'somebody else' } }
    ) {
        $image = New-NbImage 'a fox'
        $anchor = $image | Set-NbAnchor fixed -Description 'a fox' -PassThru
        try { $Act | Should -Throw "*is a ReadOnly property*" }
        finally { Remove-NbAnchor fixed }
        $image.Path | Should -BeNullOrEmpty
        $image.Cost | Should -BeGreaterThan 0
    }
}
