using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LoRA.MLNet.Tokenization.Json;

/// <summary>A place in a tokenizer's JSON: the value, and the file and key path that errors name.</summary>
internal readonly struct JsonSection(JsonElement value, string path, string file)
{
    public JsonElement Value { get; } = value;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    public bool IsText => Value.ValueKind == JsonValueKind.String;

    /// <summary>The member of that name, or null where it is absent or null.</summary>
    public JsonSection? Find(string key)
    {
        if (!IsObject)
        {
            throw Unexpected("an object");
        }

        return Value.TryGetProperty(key, out var member) && member.ValueKind != JsonValueKind.Null ? Child(key, member) : null;
    }

    public JsonSection Get(string key) =>
        Find(key) ?? throw Error($"the key '{key}' is missing");

    public string Text() => IsText ? Guard(static value => value.GetString()!) : throw Unexpected("a string");

    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected("true or false"),
    };

    /// <summary>A token id: an integer from 0 to 2^31 - 2.</summary>
    public int Id() =>
        IsId(Value, out int id) ? id : throw Unexpected("an id from 0 to 2147483646");

    public int Count() => Id();

    public bool FlagOr(string key, bool otherwise) => Find(key)?.Flag() ?? otherwise;

    public string? TextOrNull(string key) => Find(key)?.Text();

    public IEnumerable<JsonSection> Items()
    {
        if (!IsArray)
        {
            throw Unexpected("an array");
        }

        int index = 0;
        foreach (var item in Value.EnumerateArray())
        {
            yield return new JsonSection(item, $"{Path}[{index++}]", File);
        }
    }

    public IEnumerable<KeyValuePair<string, JsonSection>> Members()
    {
        if (!IsObject)
        {
            throw Unexpected("an object");
        }

        foreach (var member in Value.EnumerateObject())
        {
            string name = Name(member);
            yield return new(name, Child(name, member.Value));
        }
    }

    /// <summary>Ids by token; as <see cref="Members"/>, without the paths that tens of thousands of members would have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Dictionary<string, int> Ids()
    {
        if (!IsObject)
        {
            throw Unexpected("an object");
        }

        var ids = new Dictionary<string, int>(Value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var member in Value.EnumerateObject())
        {
            string name = Name(member);
            ids[name] = IsId(member.Value, out int id) ? id : Child(name, member.Value).Id();
        }

        return ids;
    }

    public TokenizerFormatException Error(string problem) =>
        new($"{File}: {(Path.Length == 0 ? "the root" : Path)}: {problem}.");

    private string Path { get; } = path;

    private string File { get; } = file;

    private TokenizerFormatException Unexpected(string expected)
    {
        string found = Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Value.ValueKind.ToString() : Value.GetRawText();
        return Error($"expected {expected}, found {(found.Length > 60 ? found[..60] + "..." : found)}");
    }

    private static bool IsId(JsonElement value, out int id)
    {
        id = -1;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out id) && id is >= 0 and < int.MaxValue;
    }

    private JsonSection Child(string key, JsonElement member) => new(member, Path.Length == 0 ? key : $"{Path}.{key}", File);

    private string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerFormatException($"{File}: {Path}: a key is not valid Unicode.", e);
        }
    }

    private T Guard<T>(Func<JsonElement, T> read)
    {
        try
        {
            return read(Value);
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerFormatException($"{File}: {Path}: the string is not valid Unicode.", e);
        }
    }
}
