BeforeDiscovery {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $isBuilt = Test-Path (Join-Path $module 'Dependencies/NanoBanana.GoogleAuth/NanoBanana.GoogleAuth.dll')
}

BeforeAll {
    $module = ($env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell') | Resolve-Path).ProviderPath
    Import-Module (Join-Path $module 'NanoBanana.PowerShell.psd1') -ErrorAction Stop
    $saved = $env:GOOGLE_APPLICATION_CREDENTIALS
}

AfterAll {
    $env:GOOGLE_APPLICATION_CREDENTIALS = $saved
    Disconnect-NbService -ErrorAction Ignore
}

Describe 'Connect-NbService -Project' {
    It 'says how to get the missing extension, and what works without it' {
        $bare = Join-Path $TestDrive 'bare'
        Copy-Item $module $bare -Recurse
        Remove-Item (Join-Path $bare Dependencies) -Recurse -Force -ErrorAction Ignore
        $script = Join-Path $TestDrive 'bare.ps1'
        Set-Content $script {
            param($module)
            Import-Module (Join-Path $module NanoBanana.PowerShell.psd1)
            try { Connect-NbService -Project my-project } catch { "$($_.FullyQualifiedErrorId) | $($_.ErrorDetails.RecommendedAction)" }
        }
        & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -File $script $bare | Should -Match '^Nb\.Extension\.Missing,.*dotnet build.*-AccessToken'
    }

    It 'refuses an empty token' {
        { Connect-NbService -Project my-project -AccessToken $null } | Should -Throw -ErrorId 'Nb.Connection.NoToken*'
        { Connect-NbService -Project my-project -AccessToken '' } | Should -Throw -ErrorId 'Nb.Connection.NoToken*'
    }

    Context 'with Application Default Credentials' -Skip:(-not $isBuilt) {
        BeforeAll {
            . (Join-Path $PSScriptRoot 'GoogleAccount.ps1')
            $google = Start-Google
        }

        AfterAll {
            Remove-Item $env:GOOGLE_APPLICATION_CREDENTIALS -ErrorAction Ignore
            $google.Dispose()
        }

        It 'draws with their token, which is requested once and appears in no stream' {
            $connection = Connect-NbService -Project my-project -BaseUri $google.BaseUri
            $connection.Credential | Should -Be 'Application Default Credentials'
            $google.TokenRequests.Count | Should -Be 0

            $DebugPreference = 'Continue'
            $said = 'a', 'b' | New-NbImage -Verbose *>&1
            $said | Where-Object { $_ -is [Management.Automation.DebugRecord] } | Should -Not -BeNullOrEmpty
            @($said | Where-Object { $_ -is [NanoBanana.Images.NbImage] }) | Should -HaveCount 2
            $google.TokenRequests.Count | Should -Be 1
            $google.OtherRequests | Should -Match 'Authorization: Bearer nb-token-1'
            "$($said | Out-String) $($connection | ConvertTo-Json -Depth 3)" | Should -Not -Match 'nb-token|PRIVATE KEY|assertion'
        }

        It 'ends the pipeline when Google refuses them, and says why' {
            $google.Refusal = 'Account is gone.'
            $null = Connect-NbService -Project my-project -BaseUri $google.BaseUri
            { 'a', 'b' | New-NbImage } | Should -Throw -ErrorId 'Nb.Connection.TokenRefused*' -ExpectedMessage '*Account is gone.*'
            $google.Refusal = [NullString]::Value
        }

        It 'names a file that is missing' {
            $named = $env:GOOGLE_APPLICATION_CREDENTIALS
            try {
                $env:GOOGLE_APPLICATION_CREDENTIALS = Join-Path $TestDrive 'gone.json'
                { Connect-NbService -Project my-project } | Should -Throw -ErrorId 'Nb.Connection.NoCredentials*' -ExpectedMessage '*gone.json*'
            }
            finally {
                $env:GOOGLE_APPLICATION_CREDENTIALS = $named
            }
        }
    }
}
