using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NanoBanana.Tests;

/// <summary>Which types of a compiled assembly use which: by signatures, base types, and every token in the bodies.</summary>
internal sealed class TypeUses : ISignatureTypeProvider<bool, bool>
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly List<TypeUse> _uses = [];
    private TypeDefinitionHandle _user;
    private MethodDefinitionHandle _method;

    private TypeUses(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
    }

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">Path of the assembly.</param>
    /// <returns>Every use of one outermost type by another, as often as it occurs.</returns>
    public static IReadOnlyList<TypeUse> Read(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        TypeUses reader = new(image);
        foreach (TypeDefinitionHandle type in reader._metadata.TypeDefinitions) reader.ReadType(type);
        return reader._uses;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        (_user, _method) = (handle, default);
        Use(type.BaseType);
        foreach (InterfaceImplementationHandle one in type.GetInterfaceImplementations())
        {
            Use(_metadata.GetInterfaceImplementation(one).Interface);
        }
        UseConstraints(type.GetGenericParameters());
        foreach (FieldDefinitionHandle field in type.GetFields()) _metadata.GetFieldDefinition(field).DecodeSignature(this, false);
        foreach (MethodDefinitionHandle method in type.GetMethods()) ReadMethod(method);
    }

    private void ReadMethod(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        _method = handle;
        method.DecodeSignature(this, false);
        UseConstraints(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0) return;
        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, false);
        foreach (ExceptionRegion region in body.ExceptionRegions) Use(region.CatchType);
        ReadInstructions(body.GetILReader());
    }

    private void ReadInstructions(BlobReader il)
    {
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            if (code == 0xFE) code = 0xFE00 | il.ReadByte();
            switch (Operands[code])
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    il.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Use(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                default:
                    il.Offset += 4;
                    break;
            }
        }
    }

    private void UseConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle one in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                Use(_metadata.GetGenericParameterConstraint(one).Type);
            }
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, false);
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                UseMember(_metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(this, false);
                Use(method.Method);
                break;
        }
    }

    private void UseMember(MemberReference member)
    {
        Use(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method) member.DecodeMethodSignature(this, false);
        else member.DecodeFieldSignature(this, false);
    }

    private void Add(TypeDefinitionHandle used)
    {
        (TypeDefinition from, TypeDefinition to) = (Outermost(_user), Outermost(used));
        if (IsCompilerMade(from) || IsCompilerMade(to)) return;
        TypeUse use = new(Name(from), Name(to), _method.IsNil ? 0 : MetadataTokens.GetRowNumber(_method));
        if (use.User != use.Used) _uses.Add(use);
    }

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType().IsNil ? type : Outermost(type.GetDeclaringType());
    }

    private bool IsCompilerMade(TypeDefinition type) =>
        _metadata.GetString(type.Name).StartsWith('<')
        || _metadata.GetString(type.Namespace) is var space && (space.StartsWith("System", StringComparison.Ordinal)
        || space.StartsWith("Microsoft", StringComparison.Ordinal));

    private string Name(TypeDefinition type) => $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";

    bool ISimpleTypeProvider<bool>.GetPrimitiveType(PrimitiveTypeCode typeCode) => true;

    bool ISimpleTypeProvider<bool>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return true;
    }

    bool ISimpleTypeProvider<bool>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => true;

    bool ISignatureTypeProvider<bool, bool>.GetTypeFromSpecification(
        MetadataReader reader, bool genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    bool ISZArrayTypeProvider<bool>.GetSZArrayType(bool elementType) => true;

    bool IConstructedTypeProvider<bool>.GetArrayType(bool elementType, ArrayShape shape) => true;

    bool IConstructedTypeProvider<bool>.GetByReferenceType(bool elementType) => true;

    bool IConstructedTypeProvider<bool>.GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => true;

    bool IConstructedTypeProvider<bool>.GetPointerType(bool elementType) => true;

    bool ISignatureTypeProvider<bool, bool>.GetFunctionPointerType(MethodSignature<bool> signature) => true;

    bool ISignatureTypeProvider<bool, bool>.GetGenericMethodParameter(bool genericContext, int index) => true;

    bool ISignatureTypeProvider<bool, bool>.GetGenericTypeParameter(bool genericContext, int index) => true;

    bool ISignatureTypeProvider<bool, bool>.GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => true;

    bool ISignatureTypeProvider<bool, bool>.GetPinnedType(bool elementType) => true;
}

/// <summary>One type used by another.</summary>
/// <param name="User">The outermost type that uses, with its namespace.</param>
/// <param name="Used">The outermost type that is used, with its namespace.</param>
/// <param name="Method">Row number of the method that uses it; 0 outside of methods.</param>
internal sealed record TypeUse(string User, string Used, int Method);
