# Start-NbWeb and Stop-NbWeb: nb web as a process of the shell. It is found on the PATH, as an installed tool is.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $pathBefore = $env:PATH
    Add-TestProgram
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive shots)).FullName
}

AfterAll {
    Stop-NbWeb
    $env:PATH = $pathBefore
}

Describe 'A web route' {
    AfterEach { Stop-NbWeb }

    It 'makes images for clients with its token, in its folder' {
        $web = Start-NbWeb $folder -Offline -MaxCost 1
        $ask = @{
            Uri         = "$($web.BaseUri)images"
            Method      = 'Post'
            ContentType = 'application/json'
            Body        = '{ "prompt": "a fox", "size": "1K" }'
        }
        { Invoke-RestMethod @ask } | Should -Throw '*401*'
        $made = Invoke-RestMethod @ask -Authentication Bearer -Token $web.Token -AllowUnencryptedAuthentication
        $made.image.url | Should -BeLike 'data:image/jpeg;base64,*'
        (Import-NbImage (Join-Path $folder $made.id)).Prompt | Should -Be 'a fox'
    }

    It 'has no token with -AllowAnonymous' {
        $web = Start-NbWeb $folder -Offline -AllowAnonymous
        $web.Token | Should -BeNullOrEmpty
        (Invoke-RestMethod "$($web.BaseUri)usage").spent | Should -Be 0
    }

    It 'ends with Stop-NbWeb, after images in flight are saved' {
        $web = Start-NbWeb $folder -Offline
        $process = Get-Process -Id $web.ProcessId
        ($web | Stop-NbWeb -PassThru).IsRunning | Should -BeFalse
        $process.HasExited | Should -BeTrue
        Stop-NbWeb | Should -BeNullOrEmpty
    }

    It 'keeps running when Stop-NbWeb gets an empty variable' {
        $web = Start-NbWeb $folder -Offline
        { Stop-NbWeb $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        $null | Stop-NbWeb -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError*'
        @() | Stop-NbWeb
        $web.IsRunning | Should -BeTrue
    }

    It 'ends with its runspace' {
        $shell = New-TestShell
        $id = $shell.AddScript("(Start-NbWeb '$folder' -Offline).ProcessId").Invoke()[0]
        $process = Get-Process -Id $id
        $shell.Runspace.Dispose()
        $process.WaitForExit(60000) | Should -BeTrue
    }

    It 'shows no secret' {
        $web = Start-NbWeb $folder -Offline -ApiKey $secretKey -Token 'typed-by-nobody-else'
        $web | Format-List * | Out-String | Should -Not -Match "$secretKey|typed-by-nobody"
        $web.Token | Should -BeOfType securestring
    }
}

Describe 'A web route that cannot start' {
    It 'says so when nb is not there' {
        { Start-NbWeb $folder -Offline -ProgramPath (Join-Path $TestDrive nope) } | Should -Throw -ErrorId 'Nb.Server.ProgramNotFound*'
        $error[0].ErrorDetails.RecommendedAction | Should -Match 'dotnet tool install'
        $env:PATH = $TestDrive
        $home_ = [Environment]::GetFolderPath('UserProfile')
        if (Test-Path (Join-Path $home_ .dotnet/tools/nb*)) { return }
        { Start-NbWeb $folder -Offline } | Should -Throw -ErrorId 'Nb.Server.ProgramNotFound*'
    }

    It 'shows the error of nb' {
        Add-TestProgram
        { Start-NbWeb $folder -Offline -Address 0.0.0.0 -AllowAnonymous } | Should -Throw '*Nb.Server.NoTokens*' -ErrorId 'Nb.Server.NotStarted*'
    }

    It 'does not start without protection: <Name>' -ForEach @(
        @{ Name = 'an empty token'; Access = @{ Token = '' } }
        @{ Name = 'a token, and none'; Access = @{ Token = 'typed-by-nobody-else'; AllowAnonymous = $true } }
    ) {
        { Start-NbWeb $folder -Offline @Access } | Should -Throw -ErrorId 'Nb.Server.TokensInvalid*'
    }

    It 'starts nothing under -WhatIf' {
        Start-NbWeb $folder -Offline -WhatIf | Should -BeNullOrEmpty
    }
}
