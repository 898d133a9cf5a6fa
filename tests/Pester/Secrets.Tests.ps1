# Where a key may come from. Microsoft.PowerShell.SecretManagement is played by a module with a command of the same name.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $key = $secretKey
    $emulator = Start-NbEmulator -ApiKey $key
    $secrets = @{
        gemini     = ConvertTo-Secret $key
        text       = $key
        credential = [pscredential]::new('me', (ConvertTo-Secret $key))
        table      = @{ key = $key }
    }
    $stub = New-Module -Name Microsoft.PowerShell.SecretManagement -ArgumentList $secrets -ScriptBlock {
        param($values)
        function Get-Secret {
            [CmdletBinding()]
            param([Parameter(Mandatory, Position = 0)][string]$Name, [string]$Vault)

            if (-not $values.ContainsKey($Name) -or $Vault -notin '', 'mine') { throw "The secret $Name was not found in $Vault." }
            $values[$Name]
        }
    } | Import-Module -PassThru -Global
}

AfterAll {
    Remove-Module $stub
    Disconnect-NbService
    $emulator | Stop-NbEmulator
}

Describe 'Connect-NbService -ApiKey' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'a SecureString'; Get = { ConvertTo-Secret $key } }
        @{ Name = 'a string'; Get = { $key } }
        @{ Name = 'a credential, whose password it is'; Get = { [pscredential]::new('me', (ConvertTo-Secret $key)) } }
        @{ Name = 'what Get-Secret gives'; Get = { Get-Secret gemini } }
    ) {
        $null = Connect-NbService -ApiKey (& $Get) -BaseUri $emulator.BaseUri
        # The emulator refuses every other key.
        New-NbImage 'a fox' | Should -HaveCount 1
        (Get-NbConnection).Credential | Should -Be '-ApiKey'
    }

    # Nobody who names a key, an address or a connection wants another one used.
    It 'uses no other key when the given one is <Name>' -ForEach @(
        @{ Name = 'no key'; Act = { Connect-NbService -ApiKey $null } }
        @{ Name = 'an empty key'; Act = { Connect-NbService -ApiKey '' } }
        @{ Name = 'no address'; Act = { Connect-NbService -ApiKey $key -BaseUri $null } }
        @{ Name = 'no connection'; Act = { New-NbImage x -Connection $null } }
    ) {
        Invoke-WithKey @{ GEMINI_API_KEY = 'another' } { $Act | Should -Throw }
    }

    It 'is not plain text in the command''s parameters' {
        (Get-Command Connect-NbService).Parameters.ApiKey.ParameterType | Should -Be ([securestring])
        (Get-Command Connect-NbService).Parameters.AccessToken.ParameterType | Should -Be ([securestring])
    }

    It 'offers to type the key hidden when there is none' {
        $thrown = Invoke-WithKey $null { { Connect-NbService } | Should -Throw -PassThru }
        Get-NbErrorId $thrown | Should -Be 'Nb.Connection.NoKey'
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'Connect-NbService -ApiKey \(Read-Host -AsSecureString\)'
    }

    It 'takes the environment''s key, GOOGLE_API_KEY first' {
        Invoke-WithKey @{ GOOGLE_API_KEY = $key; GEMINI_API_KEY = 'another' } { $null = Connect-NbService -BaseUri $emulator.BaseUri }
        New-NbImage 'a fox' | Should -HaveCount 1
        (Get-NbConnection).Credential | Should -Be 'environment'
        Get-NbConnection | Format-List | Out-String | Should -Match 'GOOGLE_API_KEY \(wins over GEMINI_API_KEY\)'
    }

    It 'says which variable a refused key came from' {
        Invoke-WithKey @{ GOOGLE_API_KEY = 'not-the-key-at-all'; GEMINI_API_KEY = $key } { $null = Connect-NbService -BaseUri $emulator.BaseUri }
        $thrown = { New-NbImage 'a fox' } | Should -Throw -PassThru
        Get-NbErrorId $thrown | Should -Be 'Nb.Service.BadKey'
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'GOOGLE_API_KEY, which wins over GEMINI_API_KEY'
    }

    It 'needs no key when a header authenticates the caller, and never shows its value' {
        $header = @{ 'x-goog-api-key' = (ConvertTo-Secret $key); 'X-Tenant' = 'studio-seven' }
        $null = Invoke-WithKey $null { Connect-NbService -BaseUri $emulator.BaseUri -Header $header }
        $text = & { New-NbImage 'a fox' -Verbose -Debug | Out-Null; Get-NbConnection | Format-List * | Out-String } *>&1 | Out-String
        $text | Should -Match 'X-Tenant'
        $text | Should -Not -Match 'studio-seven'
        $text | Should -Not -Match ([regex]::Escape($key))
        ($emulator | Get-NbEmulator -Journal)[-1].Headers['X-Tenant'] | Should -Be 'studio-seven'
    }
}

Describe 'Connect-NbService -SecretName' {
    It 'asks SecretManagement for <Secret>' -ForEach @(
        @{ Secret = 'gemini' }
        @{ Secret = 'text' }
        @{ Secret = 'credential' }
    ) {
        $null = Connect-NbService -SecretName $Secret -BaseUri $emulator.BaseUri
        New-NbImage 'a fox' | Should -HaveCount 1
        (Get-NbConnection).Credential | Should -Be "secret '$Secret'"
    }

    It 'uses the given vault' {
        Connect-NbService -SecretName gemini -Vault mine -BaseUri $emulator.BaseUri | Should -HaveCount 1
    }

    It 'says that <Name>' -ForEach @(
        @{ Name = 'there is no such secret'; Option = @{ SecretName = 'nope' }; Words = 'nope was not found' }
        @{ Name = 'there is no such vault'; Option = @{ SecretName = 'gemini'; Vault = 'other' }; Words = 'not found in other' }
        @{ Name = 'the secret is not text'; Option = @{ SecretName = 'table' }; Words = 'it is not text' }
    ) {
        $thrown = { Connect-NbService @Option } | Should -Throw -PassThru
        Get-NbErrorId $thrown | Should -Be 'Nb.Connection.SecretUnavailable'
        "$thrown" | Should -Match $Words
    }

    It 'says how to get SecretManagement when it is missing' -Skip:([bool](Get-Module Microsoft.PowerShell.SecretManagement -ListAvailable)) {
        $shell = New-TestShell
        try {
            $null = $shell.AddScript('try { Connect-NbService -SecretName gemini } catch { $_ }').Invoke()
            $thrown = $shell.Invoke()[0]
            Get-NbErrorId $thrown | Should -Be 'Nb.Connection.SecretUnavailable'
            $thrown.ErrorDetails.RecommendedAction | Should -Match 'SecretManagement'
        }
        finally { $shell.Runspace.Dispose() }
    }
}

Describe 'Connect-NbService -Project' {
    It 'uses Vertex AI with a token, at the given location' {
        $vertex = Connect-NbService -Project my-project -Location us-central1 -AccessToken (ConvertTo-Secret $key)
        $vertex.BaseUri | Should -Be 'https://us-central1-aiplatform.googleapis.com/'
        "$vertex" | Should -Be 'us-central1-aiplatform.googleapis.com (my-project, us-central1)'
        (Connect-NbService -Project my-project -AccessToken $key).BaseUri | Should -Be 'https://aiplatform.googleapis.com/'
        $vertex | Format-List * | Out-String | Should -Not -Match $key
    }

    It 'sends the token in a header, and says how to get one when it is empty' {
        $web = Start-TestListener
        $shell = New-TestShell (Connect-NbService -Project my-project -AccessToken $key -BaseUri $web.Address -MaximumRetryCount 0)
        try {
            $running = $shell.AddScript('New-NbImage x -Connection $connection').BeginInvoke()
            $request = Send-TestAnswer $web -Status 500
            $null = $shell.EndInvoke($running)
            $request.Headers['Authorization'] | Should -Be "Bearer $key"
            $request.Url.PathAndQuery | Should -Match '/projects/my-project/locations/global/publishers/google/models/.+:generateContent$'
        }
        finally {
            $web.Listener.Close()
            $shell.Runspace.Dispose()
        }

        $thrown = { Connect-NbService -Project my-project -AccessToken '' } | Should -Throw -PassThru
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'gcloud auth print-access-token'
    }
}

Describe 'The history' {
    It 'contains no key written by this module' {
        $null = Connect-NbService -ApiKey (Get-Secret gemini) -BaseUri $emulator.BaseUri
        Get-History | Out-String | Should -Not -Match $key
        Get-Variable | Where-Object Value -IsNot [Collections.IDictionary] | Where-Object Name -NotIn key, secretKey, secrets |
            Where-Object { "$($_.Value)" -eq $key } | Should -BeNullOrEmpty
    }

    It 'uses the current environment, not that of the first command' {
        $emulators = 1..2 | ForEach-Object { Start-NbEmulator }
        $shell = New-TestShell
        $run = { $shell.Commands.Clear(); $shell.AddScript($args[0]).Invoke(); $shell.Commands.Clear() }
        $before = $env:GOOGLE_GEMINI_BASE_URL
        try {
            Invoke-WithKey @{ GEMINI_API_KEY = 'one' } {
                foreach ($emulator in $emulators) {
                    $env:GOOGLE_GEMINI_BASE_URL = $emulator.BaseUri
                    (& $run 'New-NbImage "a fox"').Count | Should -Be 1
                }
                $emulators.Statistics.BilledGenerations | Should -Be 1, 1
                $first = & $run 'Get-NbConnection'
                $again = & $run 'New-NbImage "an owl" | Out-Null; Get-NbConnection'
                [object]::ReferenceEquals($first, $again) | Should -BeTrue
                $env:GEMINI_API_KEY = 'two'
                $other = & $run 'New-NbImage "an owl" | Out-Null; Get-NbConnection'
                [object]::ReferenceEquals($first, $other) | Should -BeFalse
            }
            Invoke-WithKey $null { & $run 'New-NbImage "a fox"' } | Should -BeNullOrEmpty
            Get-NbErrorId $shell.Streams.Error[-1] | Should -Be 'Nb.Connection.NoKey'
        }
        finally {
            $env:GOOGLE_GEMINI_BASE_URL = $before
            $shell.Runspace.Dispose()
            $emulators | Stop-NbEmulator
        }
    }
}
