BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'A batch that is a schedule' {
    BeforeEach {
        $null = Connect-NbService -Offline
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'makes each edition once' {
        $rows = 'a fox', 'an owl'
        foreach ($week in '2026-W47', '2026-W48') {
            ($rows | Start-NbBatch -Destination $folder -Edition $week -Wait).Items.State | Should -Be 'Succeeded', 'Succeeded'
            ($rows | Start-NbBatch -Destination $folder -Edition $week -Wait).Items.State | Should -Be 'UpToDate', 'UpToDate'
            (Start-NbBatch -Destination $folder -Wait).Items.State | Should -Be 'UpToDate', 'UpToDate'
        }
        Get-Billed | Should -Be 4
    }

    It 'makes every combination, and a sheet of them' {
        $vary = @{ light = 'dawn', 'dusk'; aspectRatio = '1:1', '16:9' }
        $batch = 'a fox' | Start-NbBatch -Destination $folder -Vary $vary -Wait
        $batch.Items.Name | Should -Be 'a-fox-1-1-dawn', 'a-fox-1-1-dusk', 'a-fox-16-9-dawn', 'a-fox-16-9-dusk'
        (Import-Csv (Join-Path $folder matrix.csv)).light | Should -Be 'dawn', 'dusk', 'dawn', 'dusk'
        ($batch | Receive-NbBatch | New-NbContactSheet -OutFile (Join-Path $folder sheet.png)).Path | Should -Exist
        $made = New-NbImage 'a fox at {light}' -Vary $vary -Destination (Join-Path $folder single)
        $made.Path.ForEach{ Split-Path $_ -LeafBase } | Should -Contain 'a-fox-at-light-16-9-dusk'
        $made.Prompt | Should -Contain 'a fox at dusk'
    }

    It 'reports stale items and makes them again' {
        $null = New-Item -ItemType Directory $folder
        '1' | Set-Content (Join-Path $folder prices.csv)
        $rows = @{ name = 'offer'; prompt = 'an offer'; depends = (Join-Path $folder prices.csv) }, @{ name = 'owl'; prompt = 'an owl' }
        $batch = Join-Path $folder out
        $null = $rows | Start-NbBatch -Destination $batch -Wait
        Get-NbBatch $batch -Stale | Should -BeNullOrEmpty
        '2' | Set-Content (Join-Path $folder prices.csv)
        $stale = Get-NbBatch $batch -Stale
        $stale.Name | Should -Be 'offer'
        $stale.Reason | Should -Be 'a file that it depends on has changed'
        ($rows | Start-NbBatch -Destination $batch -Wait).Items.State | Should -Be 'Succeeded', 'UpToDate'
        (Get-NbBatch $batch -Stale -OlderThan 0.00:00:00.001).Reason | Should -Match '^was made on'
        ($rows | Start-NbBatch -Destination $batch -OlderThan 0.00:00:00.001 -Wait).Items.State | Should -Be 'Succeeded', 'Succeeded'
        { Get-NbBatch $batch -Stale -OlderThan week -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Batch.AgeInvalid,*'
    }

    It 'makes exactly the pictures approved on the page, and none of the rejected ones' {
        $null = 'a fox', 'an owl', 'a hare' | Start-NbBatch -Destination $folder -Model nb2-lite -Wait
        $shell = [powershell]::Create().AddScript({
            param($Module, $Folder)
            Import-Module $Module
            Export-NbReport $Folder -Serve
        }).AddArgument($modulePath).AddArgument($folder)
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $serving = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        try {
            $patience = [Diagnostics.Stopwatch]::StartNew()
            while (-not $shell.Streams.Information.Count -and $patience.Elapsed.TotalMinutes -lt 2) { Start-Sleep -Milliseconds 20 }
            $address = [uri][regex]::Match("$($shell.Streams.Information[0])", 'http://127\.0\.0\.1:\d+/\w+/').Value
            $page = Invoke-RestMethod $address
            $items = ([regex]::Match($page, '(?s)<script id="data" type="application/json">(.*?)</script>').Groups[1].Value | ConvertFrom-Json).items
            $said = @{ '$review' = 1; items = @{
                'a-fox' = @{ sha256 = $items[0].sha256; decision = 'approved'; note = 'add a red scarf' }
                'an-owl' = @{ sha256 = $items[1].sha256; decision = 'rejected'; note = 'it squints' }
            } } | ConvertTo-Json -Depth 5
            $own = @{ ContentType = 'application/json'; Method = 'Post'; Headers = @{ Origin = $address.GetLeftPart('Authority') } }
            Invoke-RestMethod ([uri]::new($address, 'review')) -Body $said @own
            Invoke-RestMethod ([uri]::new($address, 'done')) -Body '{}' @own
            $null = $shell.EndInvoke($serving)
            $output[0].Name | Should -Be review.json
        }
        finally {
            $shell.Dispose()
        }

        $batch = Start-NbBatch -Destination $folder -Approved -Model nb2 -Size 2K -Wait
        $batch.Items.Name | Should -Be 'a-fox-final'
        $made = $batch | Receive-NbBatch
        $made.Prompt | Should -Be 'add a red scarf'
        $made.Size | Should -Be 2K
        Get-Billed | Should -Be 4
        $items = (Get-NbBatch $folder).Items
        ($items | Where-Object Name -EQ an-owl).State | Should -Be Rejected
        ($items | Where-Object Name -EQ a-fox).Review.Note | Should -Be 'add a red scarf'
        { Start-NbBatch -Destination $folder -Approved -Only a-hare -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Review.NothingApproved,*'
    }

    Context 'with money' {
        # What the emulator of -Offline draws is a rehearsal, which no report of costs counts.
        BeforeEach { $server = Start-TestServer }
        AfterEach { Stop-TestServer $server }

        It 'respects the budget of a connection across commands' {
            $null = Connect-NbService -ApiKey $secretKey -BaseUri $server.Server.BaseUri -MaxCost 0.12
            $null = New-NbImage 'a fox' -Model nb2-lite -Destination $folder
            $null = 1..9 | ForEach-Object { "number $_" } | Start-NbBatch -Destination $folder -Model nb2-lite -Wait -ErrorAction SilentlyContinue -ErrorVariable refused
            $refused.FullyQualifiedErrorId | Should -BeLike 'Nb.Budget.Exceeded,*'
            "$refused" | Should -Match '\$0\.12 for this session is left'
            $connection = Get-NbConnection
            $connection.Left | Should -BeGreaterOrEqual 0
            $spent = (Get-NbUsage $folder -GroupBy None).Cost
            $spent | Should -BeGreaterThan 0.06
            $spent | Should -BeLessOrEqual 0.12
            [math]::Round($spent + $connection.Left, 6) | Should -Be 0.12
            $before = Get-Billed $server
            { New-NbImage 'an owl' -Model nb-pro -Size 4K -Destination $folder -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Budget.Exceeded,*'
            Get-Billed $server | Should -Be $before
        }

        It 'counts a monthly budget from the spending in the folder' {
            $null = 'a fox' | Start-NbBatch -Destination $folder -Model nb2-lite -Wait
            $spent = (Get-NbUsage $folder -GroupBy None).Cost
            $spent | Should -BeGreaterThan 0
            { 'an owl' | Start-NbBatch -Destination $folder -MaxCost $spent -Per Month -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Budget.Exceeded,*'
            Get-Billed $server | Should -Be 1
        }
    }
}
