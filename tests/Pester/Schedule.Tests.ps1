BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    function Get-Billed { (Get-NbEmulator).Statistics.BilledGenerations }
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

    It 'tells what is stale and makes it again' {
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
}
