# A Google on a loopback port, and a service account of it that GOOGLE_APPLICATION_CREDENTIALS names. For a process of its own.

function Start-Google {
    $file = Join-Path $PSScriptRoot '../../src/Extensions/NanoBanana.GoogleAuth.Tests/GoogleServer.cs'
    $usings = '#nullable enable', 'using System;', 'using System.IO;', 'using System.Linq;', 'using System.Threading;', 'using System.Threading.Tasks;'
    Add-Type -TypeDefinition (($usings + (Get-Content $file -Raw)) -join "`n")
    $google = [NanoBanana.GoogleAuth.Tests.GoogleServer]::new()

    $path = Join-Path ([IO.Path]::GetTempPath()) "nb-account-$([guid]::NewGuid()).json"
    ConvertTo-Json @{
        type           = 'service_account'
        client_email   = 'fox@my-project.iam.gserviceaccount.com'
        private_key_id = '1'
        private_key    = [Security.Cryptography.RSA]::Create(2048).ExportPkcs8PrivateKeyPem()
        token_uri      = $google.TokenUri.AbsoluteUri
    } | Set-Content $path
    $env:GOOGLE_APPLICATION_CREDENTIALS = $path
    $google
}
