BeforeDiscovery {
    $docs = Join-Path $PSScriptRoot '../../docs/en-US'
    $manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../module/NanoBanana.PowerShell.psd1')
    $cmdlets = $manifest.CmdletsToExport
    $abouts = (Get-ChildItem $docs -Filter about_*.md).BaseName
    $examples = foreach ($page in Get-ChildItem $docs -Filter *.md) {
        $number = 0
        foreach ($match in [regex]::Matches((Get-Content $page -Raw), '(?ms)^```powershell\r?\n(.*?)^```')) {
            $number++
            @{ Page = $page.BaseName; Number = $number; Code = $match.Groups[1].Value }
        }
    }
    $pages = $examples | Group-Object { $_.Page } | ForEach-Object { @{ Page = $_.Name; Examples = $_.Group } }
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $docs = Join-Path $PSScriptRoot '../../docs/en-US' | Resolve-Path

    # Installed modules are found by name, in other runspaces too.
    $modulePaths = $env:PSModulePath
    $env:PSModulePath = (Split-Path (Split-Path $modulePath)) + [IO.Path]::PathSeparator + $modulePaths
    $pathBefore = $env:PATH
    Add-TestProgram

    $prologue = @'
function Read-Host { ConvertTo-SecureString 'typed-by-nobody' -AsPlainText -Force }
function Get-Secret { ConvertTo-SecureString 'from-a-vault' -AsPlainText -Force }
function gcloud { 'a-token' }
Connect-NbService -Offline | Out-Null
'@
}

AfterAll {
    $env:PSModulePath = $modulePaths
    $env:PATH = $pathBefore
}

Describe 'Help of <_>' -ForEach $cmdlets {
    BeforeAll { $help = Get-Help $_ -Full }

    It 'comes from the shipped MAML' {
        $help.Synopsis | Should -Not -Match '^\s*$'
        $help.Synopsis | Should -Not -Match "^\s*$([regex]::Escape($_)) \["
        $help.description.Text | Should -Not -BeNullOrEmpty
    }

    It 'has at least three examples' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
    }

    It 'shows code and text without Markdown' {
        @($help.examples.example.code) | Should -Not -BeNullOrEmpty
        Get-Help $_ -Full | Out-String | Should -Not -Match '```|\x80'
    }

    It 'states the defaults' {
        $blank = [Activator]::CreateInstance((Get-Command $_).ImplementingType)
        foreach ($parameter in $help.parameters.parameter | Where-Object name -In $blank.PSObject.Properties.Name) {
            $default = $blank.($parameter.name)
            if ($default -is [switch]) { continue }
            "$($parameter.defaultValue)" | Should -Be ($default -join ', ') -Because $parameter.name
        }
    }

    It 'describes every parameter, and no other' {
        $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
        $real = (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
        $told = $help.parameters.parameter | Where-Object name -NotIn $common
        $told.name | Sort-Object | Should -Be $real
        $told | Where-Object { -not "$($_.description.Text)".Trim() -or "$($_.description.Text)" -match '{{' } | ForEach-Object name | Should -BeNullOrEmpty
    }

    It 'has links that lead somewhere' {
        $links = Select-String -Path (Join-Path $docs "$_.md") -Pattern '^- \[.+\]\((.+\.md)\)' | ForEach-Object { $_.Matches[0].Groups[1].Value }
        $links | Should -Not -BeNullOrEmpty
        $links | ForEach-Object { Join-Path $docs $_ } | Should -Exist
    }
}

Describe 'Topic <_>' -ForEach $abouts {
    It 'is shown by Get-Help' {
        $file = Join-Path (Split-Path $modulePath) "en-US/$_.help.txt"
        $file | Should -Exist
        Get-Content $file -Raw | Should -Not -Match '```'
        Get-Help $_ | Out-String | Should -Match $_
    }

    It 'fits a terminal of 80 columns, without tables of Markdown' {
        $lines = Get-Content (Join-Path (Split-Path $modulePath) "en-US/$_.help.txt")
        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match '^\|.*\|$' } | Should -BeNullOrEmpty
    }
}

Describe 'The pages' {
    It 'have no placeholders left' {
        Select-String -Path (Join-Path $docs *.md) -Pattern '{{' | ForEach-Object Line | Should -BeNullOrEmpty
    }

    It 'describe the module as it is, and the shipped help is made from them' {
        $pages = Join-Path $TestDrive pages
        $made = Join-Path $TestDrive made
        & (Join-Path $PSScriptRoot '../../docs/Update-Help.ps1') -ModulePath $modulePath -PageDestination $pages -Destination $made
        foreach ($pair in @(, @($pages, $docs) + , @($made, (Join-Path $PSScriptRoot '../../module/en-US')))) {
            foreach ($file in Get-ChildItem $pair[0] -File) {
                $committed = (Get-Content (Join-Path $pair[1] $file.Name) -Raw) -replace "`r"
                $committed | Should -Be ((Get-Content $file -Raw) -replace "`r") -Because "docs/Update-Help.ps1 makes $($file.Name)"
            }
        }
    }
}

Describe 'The examples of <Page>' -ForEach $pages {
    It 'number <Number> runs as it stands in an empty folder' -ForEach $Examples {
        $errors = $null
        $null = [Management.Automation.Language.Parser]::ParseInput($Code, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty

        # What an example sets in the environment, it sets for the whole process.
        $environment = [Environment]::GetEnvironmentVariables()
        $folder = Join-Path $TestDrive "run-$Page-$Number"
        $null = New-Item -ItemType Directory $folder
        $shell = New-TestShell
        try {
            $null = $shell.AddScript($prologue).AddStatement().AddScript("Set-Location -LiteralPath '$folder'").AddStatement().AddScript($Code).Invoke()
            # An example may ask for an error.
            $shell.Streams.Error | Where-Object { $Code -notmatch 'SilentlyContinue' } | ForEach-Object { "$_" } | Should -BeNullOrEmpty
        }
        finally {
            $shell.Runspace.Dispose()
            foreach ($name in [Environment]::GetEnvironmentVariables().Keys) {
                if ($null -eq $environment[$name]) { Remove-Item "env:$name" } else { Set-Item "env:$name" $environment[$name] }
            }
        }
    }
}
