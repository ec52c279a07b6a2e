using Chartroom.Platform.Database;

namespace Chartroom.Platform.Vault;

/// <summary>What can be read of a patient without their key, under the clinic's own key or in clear: deleted with the key when it is destroyed.</summary>
/// <param name="Sql">One statement that answers no rows; <c>@patient</c> is whose.</param>
public sealed record PatientTrace(string Sql);

/// <summary>
/// A column of a clinic's schema that holds envelopes. Each capability registers its own; a test holds the list to the database's comments, so that none is
/// forgotten by a rotation. All texts are SQL over the table's own columns, constant in the code.
/// </summary>
/// <param name="Table">Table name without schema.</param>
/// <param name="Column">The column of type <c>bytea</c>; null where a row has none.</param>
public sealed record SealedColumn(string Table, string Column)
{
    /// <summary>The column with the version of the key that sealed it.</summary>
    public string VersionColumn { get; init; } = "key_version";

    /// <summary>Condition that finds the rows of <c>@patient</c>; null for what is sealed under the clinic's own key. An index must serve it.</summary>
    public string? OfPatient { get; init; } = "patient_id = @patient";

    /// <summary>Gives the <see cref="Cell.Row"/> a value was sealed for.</summary>
    public string Row { get; init; } = "id";

    /// <summary>Gives its <see cref="Cell.Column"/>; null for the column's own name.</summary>
    public string? Place { get; init; }

    /// <summary>Its <see cref="Cell.Table"/>, where another than the table itself.</summary>
    public string? CellTable { get; init; }

    /// <summary>A patient's rows that are under an older key than <c>@version</c>, or the clinic's; locked until the transaction ends.</summary>
    internal string Select => SqlTexts.Compose($"""
        select ctid::text as at, {Row} as row, {Place ?? $"'{Column}'"} as place, {Column} as content
        from {Table}
        where {OfPatient ?? "true"} and {VersionColumn} < @version
        limit @limit
        for update
        """, Parts);

    /// <summary>Whether there are any.</summary>
    internal string Exists => SqlTexts.Compose($"select exists (select from {Table} where {OfPatient ?? "true"} and {VersionColumn} < @version)", Parts);

    /// <summary>Puts back what was sealed anew; the rows are locked, so their places hold.</summary>
    internal string Update => SqlTexts.Compose($"""
        update {Table}
        set {Column} = fresh.content, {VersionColumn} = @version
        from unnest(@at, @content) as fresh (at, content)
        where {Table}.ctid = fresh.at::tid
        """, Parts);

    private IEnumerable<string?> Parts => [Table, Column, VersionColumn, OfPatient, Row, Place];

    internal Cell CellOf(SealedCell cell) => new(CellTable ?? Table, cell.Place, cell.Row);
}

/// <summary>One value as it stands.</summary>
internal sealed record SealedCell(string At, Guid Row, string Place, byte[] Content);
