using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NanoBanana.Tests.Shared;

/// <summary>
/// Which room of an assembly uses which, read from the compiled file: bases, fields, signatures, attributes, locals and
/// what every method body names. A room is a namespace, without the prefix of the assembly's own.
/// </summary>
internal sealed class RoomGraph
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];
    private readonly Dictionary<(string From, string To), SortedSet<string>> _edges = [];
    private readonly Dictionary<string, HashSet<string>> _uses = [];
    private readonly MetadataReader _reader;
    private readonly PEReader _file;
    private readonly string _root;
    private readonly HashSet<string> _nested;
    private string _user = "";
    private string _room = "";

    static RoomGraph()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            OpCode code = (OpCode)field.GetValue(null)!;
            (code.Size == 1 ? OneByte : TwoBytes)[code.Value & 0xFF] = code;
        }
    }

    private RoomGraph(PEReader file, string root, IEnumerable<string> nested)
    {
        _file = file;
        _reader = file.GetMetadataReader();
        _root = root;
        _nested = [.. nested];
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions) ReadType(handle);
    }

    /// <summary>Every room that holds a type; the root namespace is the empty name.</summary>
    public SortedSet<string> Rooms { get; } = new(StringComparer.Ordinal);

    /// <summary>The edges between rooms, and for each the types of the first that need the second.</summary>
    public IReadOnlyDictionary<(string From, string To), SortedSet<string>> Edges => _edges;

    /// <summary>Reads an assembly.</summary>
    /// <param name="assembly">The assembly; its file is read.</param>
    /// <param name="root">The namespace of its root.</param>
    /// <param name="nested">Rooms of several words, as <c>Gemini.Json</c>, that count as rooms of their own.</param>
    public static RoomGraph Read(Assembly assembly, string root, params string[] nested)
    {
        using FileStream stream = File.OpenRead(assembly.Location);
        using PEReader file = new(stream);
        return new RoomGraph(file, root, nested);
    }

    /// <summary>What runs against an order in which a room uses only rooms named before it.</summary>
    public IReadOnlyList<string> Against(IReadOnlyList<string> order) =>
        [.. Rooms.Where(room => !order.Contains(room)).Select(room => $"the room '{room}' has no place in the order")
            .Concat(_edges.Where(edge => IndexOf(order, edge.Key.To) > IndexOf(order, edge.Key.From))
                .Select(edge => $"{edge.Key.From} -> {edge.Key.To}: {string.Join(", ", edge.Value)}")
                .Order(StringComparer.Ordinal))];

    /// <summary>The most types that all need each other; a type counts with those nested in it.</summary>
    public IReadOnlyList<string> LargestCircle()
    {
        Dictionary<string, HashSet<string>> reached = _uses.Keys.ToDictionary(type => type, Reached);
        return _uses.Keys
            .Select(type => reached[type].Where(other => reached.TryGetValue(other, out HashSet<string>? back)
                && back.Contains(type)).Order(StringComparer.Ordinal).ToArray())
            .MaxBy(circle => circle.Length) ?? [];
    }

    private HashSet<string> Reached(string type)
    {
        HashSet<string> found = [];
        Stack<string> open = new([type]);
        while (open.TryPop(out string? next))
        {
            foreach (string used in _uses.GetValueOrDefault(next) ?? [])
            {
                if (found.Add(used)) open.Push(used);
            }
        }
        return found;
    }

    /// <summary>Source files whose namespace is not that of their folder.</summary>
    /// <param name="project">The name of a project under src.</param>
    /// <param name="root">Its root namespace; null when that is its name.</param>
    public static IReadOnlyList<string> OutOfPlace(string project, string? root = null)
    {
        string folder = Path.Combine(Repository(), "src", project);
        return [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path =>
            (Relative: Path.GetRelativePath(folder, path).Replace('\\', '/'), Namespace: NamespaceOf(path)))
            .Where(file => file.Namespace is not null && file.Namespace != Expected(file.Relative, root ?? project)
                && !file.Relative.StartsWith("obj/", StringComparison.Ordinal)
                && !file.Relative.StartsWith("bin/", StringComparison.Ordinal))
            .Select(file => $"{file.Relative}: {file.Namespace}")
            .Order(StringComparer.Ordinal)];
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    private static string Expected(string relative, string root)
    {
        string folder = Path.GetDirectoryName(relative)!.Replace('\\', '/').Replace('/', '.');
        return folder.Length == 0 ? root : $"{root}.{folder}";
    }

    private static string? NamespaceOf(string path) => File.ReadLines(path)
        .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?[10..].TrimEnd(';', ' ', '{');

    private static int IndexOf(IReadOnlyList<string> order, string room)
    {
        for (int index = 0; index < order.Count; index++)
        {
            if (order[index] == room) return index;
        }

        return -1;
    }

    private string? RoomOf(string name)
    {
        if (name == _root) return "";
        if (!name.StartsWith(_root + ".", StringComparison.Ordinal)) return null;
        string[] words = name[(_root.Length + 1)..].Split('.');
        for (int count = words.Length; count > 1; count--)
        {
            string longer = string.Join('.', words.Take(count));
            if (_nested.Contains(longer)) return longer;
        }

        return words[0];
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        TypeDefinition outer = Outermost(handle);
        if (RoomOf(_reader.GetString(outer.Namespace)) is not { } room) return;
        _room = room;
        _user = _reader.GetString(outer.Name);
        Rooms.Add(room);

        Names names = new(this);
        Use(type.BaseType);
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            Use(_reader.GetInterfaceImplementation(implemented).Interface);
        }
        UseAttributes(type.GetCustomAttributes());
        UseConstraints(type.GetGenericParameters());
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            _reader.GetFieldDefinition(field).DecodeSignature(names, null);
            UseAttributes(_reader.GetFieldDefinition(field).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            ReadMethod(_reader.GetMethodDefinition(method), names);
        }
    }

    private void ReadMethod(MethodDefinition method, Names names)
    {
        method.DecodeSignature(names, null);
        UseAttributes(method.GetCustomAttributes());
        UseConstraints(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0) return;

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
        }
        foreach (ExceptionRegion region in body.ExceptionRegions) Use(region.CatchType);
        ReadCode(body.GetILReader());
    }

    private void ReadCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            OpCode operation = first == 0xFE ? TwoBytes[code.ReadByte()] : OneByte[first];
            switch (operation.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                    or OperandType.InlineType:
                    Use(System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil) return;
        Names names = new(this);
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                UseType((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, null);
                break;
            case HandleKind.MethodDefinition:
                UseType(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                _reader.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(names, null);
                break;
            case HandleKind.FieldDefinition:
                UseType(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                _reader.GetFieldDefinition((FieldDefinitionHandle)handle).DecodeSignature(names, null);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(names, null);
                Use(specification.Method);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)handle);
                Use(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Field) member.DecodeFieldSignature(names, null);
                else member.DecodeMethodSignature(names, null);
                break;
        }
    }

    private void UseAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes) Use(_reader.GetCustomAttribute(attribute).Constructor);
    }

    private void UseConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _reader.GetGenericParameter(parameter)
                .GetConstraints())
            {
                Use(_reader.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void UseType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = Outermost(handle);
        if (RoomOf(_reader.GetString(type.Namespace)) is not { } room) return;
        if (!_uses.TryGetValue(_user, out HashSet<string>? used)) _uses[_user] = used = [];
        used.Add(_reader.GetString(type.Name));
        if (room == _room) return;
        if (!_edges.TryGetValue((_room, room), out SortedSet<string>? users))
        {
            _edges[(_room, room)] = users = new SortedSet<string>(StringComparer.Ordinal);
        }
        users.Add(_user);
    }

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = _reader.GetTypeDefinition(type.GetDeclaringType());
        return type;
    }

    /// <summary>Marks every type a signature names as used; what it returns is of no interest.</summary>
    private sealed class Names(RoomGraph graph) : ISignatureTypeProvider<int, object?>
    {
        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            graph.UseType(handle);
            return 0;
        }

        public int GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        {
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
            return 0;
        }

        public int GetArrayType(int elementType, ArrayShape shape) => 0;

        public int GetByReferenceType(int elementType) => 0;

        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

        public int GetGenericInstantiation(
            int genericType, System.Collections.Immutable.ImmutableArray<int> typeArguments) => 0;

        public int GetGenericMethodParameter(object? genericContext, int index) => 0;

        public int GetGenericTypeParameter(object? genericContext, int index) => 0;

        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

        public int GetPinnedType(int elementType) => 0;

        public int GetPointerType(int elementType) => 0;

        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public int GetSZArrayType(int elementType) => 0;

        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
    }
}
