using System.Globalization;
using System.Text;
using QRCoder;

namespace Chartroom.Platform.Identity;

/// <summary>Draws a QR code as inline SVG: presentation attributes only, since the content-security policy forbids style attributes.</summary>
public static class QrCode
{
    /// <summary>One <c>svg</c> element, dark on white with the quiet zone that readers need.</summary>
    /// <param name="text">What the code says.</param>
    /// <param name="label">What a screen reader says; must not hold the secret.</param>
    public static string Svg(string text, string label)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
                if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges" role="img" aria-label="{System.Net.WebUtility.HtmlEncode(label)}"><rect width="100%" height="100%" fill="#fff"/><path d="{path}" fill="#000"/></svg>""");
    }
}
