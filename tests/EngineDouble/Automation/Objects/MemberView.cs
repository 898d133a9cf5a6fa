namespace System.Management.Automation;

// One view of an object's added and own members, narrowed to T: Properties and Members show the same list.
internal sealed class MemberView<T>(PSObject owner) : PSMemberInfoCollection<T>
    where T : PSMemberInfo
{
    public override T? this[string name] =>
        this.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));

    public override void Add(T member)
    {
        owner.Added.RemoveAll(m => string.Equals(m.Name, member.Name, StringComparison.OrdinalIgnoreCase));
        owner.Added.Add(member);
    }

    public override void Remove(string name) =>
        owner.Added.RemoveAll(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    public override IEnumerator<T> GetEnumerator() => owner.AllMembers().OfType<T>().GetEnumerator();
}
