BeforeDiscovery {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $manifest = Import-PowerShellDataFile (Join-Path $module 'NanoBanana.PowerShell.psd1')
}

BeforeAll {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $path = Join-Path $module 'NanoBanana.PowerShell.psd1' | Resolve-Path
    $manifest = Import-PowerShellDataFile $path
    $before = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Location
    $said = Import-Module $path -PassThru -ErrorAction Stop -Verbose:$false 3>&1
    $imported = $said | Where-Object { $_ -is [Management.Automation.PSModuleInfo] }
}

Describe 'The module' {
    It 'has a valid manifest' {
        (Test-ModuleManifest $path -ErrorAction Stop).Version | Should -Be $manifest.ModuleVersion
    }

    It 'imports without a warning' {
        $said | Where-Object { $_ -is [Management.Automation.WarningRecord] } | Should -BeNullOrEmpty
    }

    It 'exports what its manifest says' {
        $imported.ExportedCmdlets.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $imported.ExportedAliases.Keys | Sort-Object | Should -Be ($manifest.AliasesToExport | Sort-Object)
        $imported.ExportedFunctions.Count | Should -Be 0
    }

    It 'brings no third-party assembly into the default load context' {
        [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Location |
            Where-Object { $_ -and $_ -notin $before } |
            Where-Object { (Split-Path $_) -ne $PSHOME -and (Split-Path $_) -ne [Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory().TrimEnd('/', '\') } |
            Split-Path -Leaf |
            Where-Object { $_ -notlike 'NanoBanana.*' } |
            Should -BeNullOrEmpty
    }

    It 'gives <_> a syntax' -ForEach $manifest.CmdletsToExport {
        Get-Command $_ -Syntax | Should -Match $_
    }

    # The engine binds what the cmdlet declares before what it adds: -Text would be taken for -TextName.
    It 'has no dynamic parameter of <_> that is an abbreviation of another' -ForEach $manifest.CmdletsToExport {
        $parameters = (Get-Command $_).Parameters.Values
        $fixed = $parameters.Where({ -not $_.IsDynamic }).ForEach({ $_.Name; $_.Aliases })
        foreach ($name in $parameters.Where({ $_.IsDynamic }).ForEach({ $_.Name; $_.Aliases })) {
            $fixed -like "$name*" | Should -BeNullOrEmpty -Because "-$name must be itself"
        }
    }

    It 'can be removed and imported again' {
        Remove-Module NanoBanana.PowerShell -ErrorAction Stop
        Get-Command -Module NanoBanana.PowerShell | Should -BeNullOrEmpty
        Import-Module $path -ErrorAction Stop
        Get-Command -Module NanoBanana.PowerShell | Should -Not -BeNullOrEmpty
    }

    It 'is imported again with -Force without output' {
        Import-Module $path -Force -ErrorVariable failures -WarningVariable said
        $failures, $said | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    # A process has one copy of an assembly, and a session one set of type data: the engine refuses a second.
    It 'still works when a second copy is refused, which can be imported after removing the first' {
        $copy = Join-Path $TestDrive NanoBanana.PowerShell
        Copy-Item (Split-Path $path) $copy -Recurse
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$path'; Import-Module '$copy/NanoBanana.PowerShell.psd1' -ErrorAction SilentlyContinue").Invoke()
            $shell.Commands.Clear()
            $shell.AddScript('(Get-Module NanoBanana.PowerShell).ModuleBase; (Get-NbModel nb2).Id').Invoke() | Should -Be (Split-Path $path), 'gemini-nano-banana-2.1'
            $shell.Streams.ClearStreams()
            $shell.Commands.Clear()
            $shell.AddScript("Remove-Module NanoBanana.PowerShell; Import-Module '$copy/NanoBanana.PowerShell.psd1'; (Get-Module NanoBanana.PowerShell).ModuleBase").Invoke() | Should -Be $copy
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally { $shell.Dispose() }
    }
}
