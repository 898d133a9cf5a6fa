using System.Security;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class CredentialAttribute : ArgumentTransformationAttribute
{
    public override bool TransformNullOptionalParameters => true;

    // The engine asks the host for the password of a bare user name; nobody answers in a test, so the password is empty.
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is string userName ? new PSCredential(userName, new SecureString()) : inputData;
}
