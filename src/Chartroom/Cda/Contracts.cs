using Chartroom.Charts;
using Chartroom.Import;
using Chartroom.Patients;

namespace Chartroom.Cda;

/// <summary>A chart on its way out.</summary>
/// <param name="Patient">Whose.</param>
/// <param name="Entries">All of it, in the order in which a list shows it.</param>
/// <param name="Keeper">The clinic that keeps the original.</param>
/// <param name="At">When it is taken out, with the clinic's offset.</param>
public sealed record OutgoingChart(PatientRecord Patient, IReadOnlyList<StandingEntry> Entries, DocumentKeeper Keeper, DateTimeOffset At);

/// <param name="Author">Who takes it out.</param>
public sealed record DocumentKeeper(Guid Id, string Name, string Author);

/// <summary>HL7's clinical documents (C-CDA R2.1, R1.1 and what resembles them) in and out. Pure: no clock, no database, and no address in a document is ever fetched.</summary>
public static class CdaDocument
{
    /// <summary>How this program signs the documents that it writes.</summary>
    public const string Software = "Chartroom";

    /// <summary>Whether a file is XML, by its first character in any of the encodings that XML may begin with.</summary>
    public static bool IsXml(ReadOnlySpan<byte> file)
    {
        if (file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0x3C, 0x00, ..] or [0x00, 0x3C, ..]) return true;
        return (file.StartsWith("\uFEFF"u8) ? file[3..] : file).TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
    }

    /// <summary>Reads everything that a chart takes, or says why none of it is taken (<c>cda.*</c>). What no field holds is kept as words.</summary>
    public static Outcome<ReadBundle> Read(ReadOnlyMemory<byte> xml, CancellationToken ct = default)
    {
        var parsed = SafeXml.Parse(xml);
        if (!parsed.IsOk) return parsed.Refusal;
        try
        {
            return CdaReader.Read(parsed.Value, ct);
        }
        catch (CdaFault fault)
        {
            return fault.Refusal;
        }
    }

    /// <summary>A continuity of care document (C-CDA R2.1) in UTF-8.</summary>
    public static byte[] Write(OutgoingChart chart) => CdaWriter.Write(chart);
}
