using System.Buffers.Binary;
using System.Text;

namespace Chartroom.Platform.Vault;

/// <summary>The place a sealed value belongs to. It is authenticated with the value, so a ciphertext copied elsewhere does not open.</summary>
/// <param name="Table">Table name without schema.</param>
/// <param name="Column">Column name.</param>
/// <param name="Row">Primary key of the row; for versioned rows an id that tells the versions apart.</param>
public readonly record struct Cell(string Table, string Column, Guid Row)
{
    /// <summary>Associated data: clinic, patient, table, column, row, key version, each of fixed length or with its length before it.</summary>
    internal byte[] Bind(ClinicId clinic, Guid owner, int keyVersion)
    {
        var table = Encoding.UTF8.GetBytes(Table);
        var column = Encoding.UTF8.GetBytes(Column);
        var bound = new byte[16 + 16 + 16 + 4 + 2 + table.Length + 2 + column.Length];
        var at = bound.AsSpan();
        clinic.Value.TryWriteBytes(at, bigEndian: true, out _);
        owner.TryWriteBytes(at[16..], bigEndian: true, out _);
        Row.TryWriteBytes(at[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(at[48..], keyVersion);
        BinaryPrimitives.WriteUInt16BigEndian(at[52..], checked((ushort)table.Length));
        table.CopyTo(at[54..]);
        BinaryPrimitives.WriteUInt16BigEndian(at[(54 + table.Length)..], checked((ushort)column.Length));
        column.CopyTo(at[(56 + table.Length)..]);
        return bound;
    }
}
