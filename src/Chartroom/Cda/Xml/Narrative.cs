using System.Text;
using System.Xml.Linq;

namespace Chartroom.Cda;

/// <summary>The human-readable block of a section as plain text: lines, list marks, cells parted by bars.</summary>
/// <seealso href="https://www.hl7.org/documentcenter/public/standards/dstu/CDAR2_IG_IHE_CONSOL_DSTU_R1dot1_2012JUL.zip"/>
internal static class Narrative
{
    public static string? Read(XElement? text)
    {
        if (text is null) return null;
        var written = new StringBuilder();
        Walk(text, written);
        var lines = written.ToString().Split('\n').Select(line => V3.Plain(line)).OfType<string>();
        return string.Join('\n', lines) is { Length: > 0 } plain ? plain : null;
    }

    private static void Walk(XElement element, StringBuilder to)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText words) to.Append(words.Value.Replace('\n', ' '));
            else if (node is XElement child && child.Attribute("revised")?.Value != "delete") Enter(child, to);
        }
    }

    private static void Enter(XElement child, StringBuilder to)
    {
        switch (child.Name.LocalName)
        {
            case "br":
                to.Append('\n');
                break;
            case "renderMultiMedia":
                to.Append(" [picture] ");
                break;
            case "td" or "th":
                if (child.ElementsBeforeSelf().Any()) to.Append(" | ");
                Walk(child, to);
                break;
            case "item":
                to.Append("\n- ");
                Walk(child, to);
                to.Append('\n');
                break;
            case "paragraph" or "list" or "table" or "tr" or "caption" or "thead" or "tbody" or "footnote":
                to.Append('\n');
                Walk(child, to);
                to.Append('\n');
                break;
            default:
                Walk(child, to);
                break;
        }
    }
}
