# Every script of the project, judged by the rules that matter most here; and by PSScriptAnalyzer where it is installed, as it is
# in the workflow.
BeforeDiscovery {
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $foreign = [regex]::new('[\\/](out|artifacts|node_modules|\.[^\\/]+)[\\/]')
    $scripts = Get-ChildItem $root -Recurse -Include *.ps1, *.psm1, *.psd1 -Exclude .* |
        ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } |
        Where-Object { -not $foreign.IsMatch("/$_") }
}

BeforeAll {
    $root = Join-Path $PSScriptRoot '../..'
    # Without what a profile or another module has added.
    $aliases = [initialsessionstate]::CreateDefault().Commands.Where{ $_.CommandType -eq 'Alias' }.Name
    $verbs = (Get-Verb).Verb
    $unwanted = 'Invoke-Expression', 'Write-Host'

    function Get-Finding([string]$Path) {
        $problems = $null
        $script = [Management.Automation.Language.Parser]::ParseFile((Resolve-Path $Path).ProviderPath, [ref]$null, [ref]$problems)
        foreach ($problem in $problems) { "$($problem.Extent.StartLineNumber): $($problem.Message)" }
        $judged = [Management.Automation.Language.CommandAst], [Management.Automation.Language.FunctionDefinitionAst],
            [Management.Automation.Language.CatchClauseAst], [Management.Automation.Language.BinaryExpressionAst]
        foreach ($node in $script.FindAll({ $args[0].GetType() -in $judged }, $true)) {
            $said = switch ($node.GetType().Name) {
                CommandAst {
                    $name = $node.GetCommandName()
                    if ($name -in $aliases) { "$name is an alias" }
                    if ($name -in $unwanted) { "$name is not used here" }
                }
                FunctionDefinitionAst {
                    $verb, $noun = $node.Name -split '-', 2
                    if ($noun -and $verb -notin $verbs) { "$verb is not an approved verb" }
                }
                CatchClauseAst { if (-not $node.Body.Statements) { 'a catch block does nothing' } }
                BinaryExpressionAst {
                    if ($node.Operator -in 'Ieq', 'Ine', 'Ceq', 'Cne' -and "$($node.Right)" -eq '$null') { '$null belongs on the left of a comparison' }
                }
            }
            if ($said) { "$($node.Extent.StartLineNumber): $said" }
        }
    }
}

Describe 'The scripts' {
    It 'keep the rules in <_>' -ForEach $scripts {
        Get-Finding (Join-Path $root $_) | Should -BeNullOrEmpty
    }

    It 'are checked for <Rule>' -ForEach @(
        @{ Rule = 'broken syntax'; Code = 'if (' }
        @{ Rule = 'aliases'; Code = '1 | % { $_ }' }
        @{ Rule = 'unapproved verbs'; Code = 'function Fabricate-Thing { }' }
        @{ Rule = 'empty catch blocks'; Code = 'try { 1 } catch { }' }
        @{ Rule = 'comparisons with $null'; Code = 'if ($PID -eq $null) { 1 }' }
        @{ Rule = 'unwanted commands'; Code = 'Invoke-Expression 1' }
    ) {
        $file = Join-Path $TestDrive wrong.ps1
        Set-Content $file $Code
        Get-Finding $file | Should -Not -BeNullOrEmpty
    }
}

if (Get-Module PSScriptAnalyzer -ListAvailable) {
    Describe 'PSScriptAnalyzer' {
        It 'finds nothing in <_>' -ForEach $scripts {
            Invoke-ScriptAnalyzer (Join-Path $root $_) -Settings (Join-Path $root 'PSScriptAnalyzerSettings.psd1') |
                ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName) $($_.Message)" } | Should -BeNullOrEmpty
        }
    }
}
