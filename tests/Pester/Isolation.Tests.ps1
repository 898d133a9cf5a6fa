# What other code in the process sees of the module: its commands, and no library that it may need in another version.
BeforeDiscovery {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $hasGoogle = Test-Path (Join-Path $module 'Dependencies/NanoBanana.GoogleAuth/NanoBanana.GoogleAuth.dll')
}

BeforeAll {
    $module = ($env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell') | Resolve-Path).ProviderPath
    $psd1 = Join-Path $module 'NanoBanana.PowerShell.psd1'
    $support = Join-Path $PSScriptRoot 'GoogleAccount.ps1'

    # Runs a script in a process of its own and gives what it says as lines.
    function Invoke-Fresh([scriptblock]$Script, [object[]]$Arguments) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file $Script
        & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -File $file @Arguments 2>&1 | ForEach-Object { "$_" }
    }
}

Describe 'A shell with the module in it' {
    It 'has the commands that the manifest lists, and no others' {
        $manifest = Import-PowerShellDataFile $psd1
        $said = Invoke-Fresh -Arguments $psd1 {
            param($psd1)
            Import-Module $psd1
            (Get-Command -Module NanoBanana.PowerShell).Name
        }
        $said | Sort-Object | Should -Be ($manifest.CmdletsToExport + $manifest.AliasesToExport | Sort-Object)
    }

    It 'has no third-party assembly in the default load context after every command was used' {
        $said = Invoke-Fresh -Arguments $psd1, $TestDrive {
            param($psd1, $folder)
            $before = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Location
            Import-Module $psd1
            $null = Connect-NbService -Offline
            $image = New-NbImage 'a fox' | Invoke-NbEdit 'at night' | Save-NbImage -Destination $folder
            $null = Set-NbAnchor fox $image
            $null = 'a', 'b' | New-NbImage -Anchor fox -ThrottleLimit 2
            $null = [pscustomobject]@{ name = 'one'; prompt = 'a fox' } | Start-NbBatch -Destination (Join-Path $folder batch) -Wait
            $null = Export-NbReport (Join-Path $folder batch)
            $null = Convert-NbImage $image -Width 10
            "drawn $($image.Length -gt 0)"
            $own = $PSHOME, [Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory().TrimEnd('/', '\')
            [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Location |
                Where-Object { $_ -and $_ -notin $before -and (Split-Path $_) -notin $own } | Split-Path -Leaf
        }
        $said | Sort-Object | Should -Be 'drawn True', 'NanoBanana.Core.dll', 'NanoBanana.Emulator.dll', 'NanoBanana.PowerShell.dll'
    }
}

Describe 'Beside a module that brings another version of a library' -Skip:(-not $hasGoogle) {
    BeforeAll {
        # The other module: a library by the name of the extension's own, much older, for the default load context.
        $other = (New-Item (Join-Path $TestDrive 'Other') -ItemType Directory).FullName
        Add-Type 'public class WakeTheCompiler { }'
        $code = '[assembly: System.Reflection.AssemblyVersion("1.2.3.4")] public static class OtherLibrary { public static string Says => "theirs"; }'
        $compilation = [Microsoft.CodeAnalysis.CSharp.CSharpCompilation]::Create(
            'Google.Apis.Core',
            [Microsoft.CodeAnalysis.SyntaxTree[]]@([Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText($code)),
            [Microsoft.CodeAnalysis.MetadataReference[]]@([Microsoft.CodeAnalysis.MetadataReference]::CreateFromFile([object].Assembly.Location)),
            [Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions]::new('DynamicallyLinkedLibrary'))
        $library = [IO.File]::Create((Join-Path $other 'Google.Apis.Core.dll'))
        $null = $compilation.Emit($library)
        $library.Dispose()
        Set-Content (Join-Path $other 'Other.psm1') 'function Get-Other { [OtherLibrary]::Says }'
        New-ModuleManifest (Join-Path $other 'Other.psd1') -RootModule Other.psm1 -FunctionsToExport Get-Other -RequiredAssemblies Google.Apis.Core.dll
    }

    It 'works, and so does the other, when that is imported <_>' -ForEach 'first', 'last' {
        $said = Invoke-Fresh -Arguments $psd1, (Join-Path $other 'Other.psd1'), $support, $_ {
            param($psd1, $other, $support, $order)
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            . $support
            $google = Start-Google
            if ($order -eq 'first') { Import-Module $other }
            Import-Module $psd1
            $null = Connect-NbService -Project my-project -BaseUri $google.BaseUri
            "ours $((New-NbImage 'x').MimeType)"
            if ($order -eq 'last') { Import-Module $other }
            Get-Other
            "still ours $((New-NbImage 'x').MimeType)"
            foreach ($context in [Runtime.Loader.AssemblyLoadContext]::All) {
                $context.Assemblies.GetName() | Where-Object Name -EQ 'Google.Apis.Core' | ForEach-Object { "$($context.Name): $($_.Version.Minor)" }
            }
            Remove-Item $env:GOOGLE_APPLICATION_CREDENTIALS
        }
        $said | Should -Be 'ours image/png', 'theirs', 'still ours image/png', 'Default: 2', 'NanoBanana.GoogleAuth: 78'
    }
}
