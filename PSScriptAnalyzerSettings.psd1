@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # Tests and build steps are functions for one file: they name what they do, not what a user could type.
        'PSUseShouldProcessForStateChangingFunctions'
        # Pester's blocks hand variables from BeforeAll to It, which the analyzer does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
        # build.ps1's tasks read the script's parameters and its ShouldProcess.
        'PSReviewUnusedParameter'
        'PSShouldProcess'
        # The module's own files are UTF-8 without a mark, as everything here.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
