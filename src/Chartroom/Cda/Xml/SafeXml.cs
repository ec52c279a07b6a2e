using System.Xml;
using System.Xml.Linq;

namespace Chartroom.Cda;

/// <summary>Bytes of a stranger as XML: no document type, so no entities and nothing to fetch; bounded in depth and in elements before a tree is built.</summary>
/// <seealso href="https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html"/>
internal static class SafeXml
{
    /// <summary>Real documents stay under 40.</summary>
    private const int MaxDepth = 100;

    /// <summary>A large export of a hospital has about 200,000.</summary>
    private const int MaxElements = 1_000_000;

    static SafeXml() => System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);   // windows-1252 and its like

    public static Outcome<XDocument> Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (WhyNot(bytes) is { } refusal) return refusal;
            using var reader = Open(bytes);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException error)
        {
            if (bytes.Span.IndexOf("<!DOCTYPE"u8) >= 0) return Refusals.HasDoctype;
            return error.LineNumber > 0 ? Refusals.NotXml.With("line", error.LineNumber).With("byte", error.LinePosition) : Refusals.NotXml;
        }
        catch (ArgumentException)   // an encoding that nobody knows
        {
            return Refusals.NotXml;
        }
    }

    private static Refusal? WhyNot(ReadOnlyMemory<byte> bytes)
    {
        var elements = 0;
        using var reader = Open(bytes);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth) return Refusals.TooDeep;
            if (reader.NodeType == XmlNodeType.Element && ++elements > MaxElements) return Refusals.TooManyElements;
        }
        return null;
    }

    private static XmlReader Open(ReadOnlyMemory<byte> bytes) => XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true,
    });
}
