using System.Management.Automation;
using System.Security;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Accepts a secret as a SecureString, a string, or the password of a credential.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => ToSecret(inputData);

    /// <summary>The secret in a value; any other value is returned as it is.</summary>
    public static object ToSecret(object inputData)
    {
        object? value = PSValue.Unwrapped(inputData);
        return value switch
        {
            string text => Secure(text),
            PSCredential credential => credential.Password,
            SecureString secret => secret,
            _ => inputData,
        };
    }

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
