@{
    RootModule           = 'NanoBanana.PowerShell.dll'
    # Before the types file, which names the adapter.
    RequiredAssemblies   = @('NanoBanana.Core.dll', 'NanoBanana.PowerShell.dll')
    ModuleVersion        = '0.1.0'
    CompatiblePSEditions = @('Core')
    GUID                 = '6f0c7c1e-52a4-4d7d-9a43-5d3d7f7f2b11'
    Author               = 'The NanoBanana.PowerShell developers'
    CompanyName          = 'NanoBanana.PowerShell'
    Copyright            = 'Copyright (c) The NanoBanana.PowerShell developers. MIT license.'
    Description          = "Images from Google's Gemini image models (Nano Banana) in scripts: consistent characters, edits that go on with the conversation, budgets, batches, and an emulator that needs no key."
    PowerShellVersion    = '7.4'
    FormatsToProcess     = @('NanoBanana.PowerShell.Format.ps1xml')
    TypesToProcess       = @('NanoBanana.PowerShell.Types.ps1xml')
    CmdletsToExport      = @(
        'Compare-NbImage'
        'Connect-NbService'
        'Convert-NbImage'
        'ConvertFrom-NbImage'
        'ConvertTo-NbImage'
        'Copy-NbSample'
        'Disconnect-NbService'
        'Export-NbReport'
        'Get-NbAnchor'
        'Get-NbBatch'
        'Get-NbBlob'
        'Get-NbConnection'
        'Get-NbEmulator'
        'Get-NbHistory'
        'Get-NbModel'
        'Get-NbPromptTemplate'
        'Get-NbUsage'
        'Import-NbImage'
        'Invoke-NbEdit'
        'Measure-NbCost'
        'Measure-NbDrift'
        'Move-NbImage'
        'New-NbCharacterSheet'
        'New-NbContactSheet'
        'New-NbImage'
        'New-NbLocalization'
        'New-NbPrompt'
        'Receive-NbBatch'
        'Remove-NbAnchor'
        'Remove-NbBackground'
        'Remove-NbBlob'
        'Resume-NbImage'
        'Save-NbImage'
        'Set-NbAnchor'
        'Show-NbImage'
        'Start-NbBatch'
        'Start-NbEmulator'
        'Start-NbWeb'
        'Stop-NbBatch'
        'Stop-NbEmulator'
        'Stop-NbWeb'
        'Test-NbConnection'
        'Test-NbImage'
        'Wait-NbBatch'
    )
    AliasesToExport      = @(
        'Edit-NbImage'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('Gemini', 'NanoBanana', 'Image', 'AI', 'Generation', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
