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
}
