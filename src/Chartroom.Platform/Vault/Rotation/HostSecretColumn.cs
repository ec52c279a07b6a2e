using Chartroom.Platform.Database;

namespace Chartroom.Platform.Vault;

/// <summary>
/// A column of the shared schema that holds what <see cref="PlatformSecrets"/> sealed, straight under the host's key. Each capability registers its own; a test holds the list to the
/// database's comments, so that none keeps an old key of the host alive. All texts are SQL, constant in the code.
/// </summary>
/// <param name="Table">Table name with its schema.</param>
/// <param name="Owner">Column of the primary key: whose the secret is.</param>
/// <param name="Column">The column of type <c>bytea</c>; null where a row has none.</param>
/// <param name="Use">As it was sealed for.</param>
public sealed record HostSecretColumn(string Table, string Owner, string Column, string Use)
{
    /// <summary>The version stands in each envelope, after its format.</summary>
    internal string Count => SqlTexts.Compose($"select count(*) from {Table} where substring({Column} from 2 for 4) <> @current", Parts);

    /// <summary>Some of those; locked until the transaction ends, so that whoever writes a new secret meanwhile waits and is not overwritten.</summary>
    internal string Select => SqlTexts.Compose($"""
        select {Owner} as owner, {Column} as envelope
        from {Table}
        where substring({Column} from 2 for 4) <> @current
        limit @limit
        for update skip locked
        """, Parts);

    /// <summary>Puts back what was sealed anew.</summary>
    internal string Update => SqlTexts.Compose($"""
        update {Table}
        set {Column} = fresh.envelope
        from unnest(@owners, @envelopes) as fresh (owner, envelope)
        where {Table}.{Owner} = fresh.owner
        """, Parts);

    private IEnumerable<string?> Parts => [Table, Owner, Column];
}
