using System.Buffers.Binary;

namespace LoRA.MLNet.Checkpoints;

/// <summary>
/// The safetensors format, as the documentation of Hugging Face's library defines it: 8 bytes of header length (little-endian),
/// the header in JSON, then the tensors' bytes. Read without copying; a hostile file gets an error before anything is allocated. Matrices in 8 bits
/// have their scales in a tensor beside them (<see cref="Int8Storage"/>).
/// </summary>
internal static class SafetensorsFile
{
    // the cap of the reference implementation
    private const ulong MaxHeaderLength = 100_000_000;
    private const int Alignment = 8;

    /// <summary>Reads a file as views of its memory mapping.</summary>
    /// <exception cref="CheckpointFormatException">The file is not valid, or holds element types that are not supported.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path)
    {
        var file = MappedFile.Open(path);
        return Read(file.Length, file.Slice, path);
    }

    /// <summary>Reads a file that is in memory; the tensors are views of it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="CheckpointFormatException">The bytes are not valid, or hold element types that are not supported.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(ReadOnlyMemory<byte> bytes, string source) =>
        Read(bytes.Length, (offset, length) => bytes.Slice((int)offset, length), source);

    /// <summary>Reads a file from a seekable stream; each tensor gets memory of its own, after all of the header was checked.</summary>
    /// <param name="stream">The whole file.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="CheckpointFormatException">The contents are not valid, or hold element types that are not supported.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(Stream stream, string source) => Read(
        stream.Length,
        (offset, length) =>
        {
            var bytes = GC.AllocateUninitializedArray<byte>(length);
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        },
        source);

    /// <summary>Writes a file, in full or not at all.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; there is then no new file.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, WeightTensor> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, tensors));

    /// <summary>
    /// Writes the tensors, widest element type first and then by name, so that the same tensors give the same bytes and every tensor
    /// is aligned to its elements.
    /// </summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        var ordered = Int8Storage.Split(tensors)
            .OrderByDescending(entry => ElementTypes.Size(entry.Value.Type))
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .ToList();
        var header = SafetensorsWriter.Header(ordered);
        var padded = SafetensorsWriter.Padded(header.Length);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(header);
        stream.Write("       "u8[..(padded - header.Length)]);
        foreach (var (_, tensor) in ordered)
        {
            stream.Write(tensor.Data.Span);
        }

        GC.KeepAlive(ordered);
    }

    private static Dictionary<string, WeightTensor> Read(long length, Func<long, int, ReadOnlyMemory<byte>> slice, string source)
    {
        var header = slice(sizeof(ulong), HeaderLength(length, slice, source));
        var start = sizeof(ulong) + header.Length;
        var entries = SafetensorsHeader.Parse(header.Span, length - start, source);
        GC.KeepAlive(header);
        var stored = entries.ToDictionary(
            entry => entry.Name,
            entry => new WeightTensor(entry.Type, entry.Shape, slice(start + entry.Begin, (int)(entry.End - entry.Begin))),
            StringComparer.Ordinal);
        return Int8Storage.Join(stored, source);
    }

    private static int HeaderLength(long length, Func<long, int, ReadOnlyMemory<byte>> slice, string source)
    {
        if (length < sizeof(ulong))
        {
            throw new CheckpointFormatException($"{source}: not a safetensors file: it has {length} bytes, a header alone has 8 or more.");
        }

        var first = slice(0, sizeof(ulong));
        var found = BinaryPrimitives.ReadUInt64LittleEndian(first.Span);
        GC.KeepAlive(first);
        var most = Math.Min((ulong)length - sizeof(ulong), MaxHeaderLength);
        return found is >= 2 && found <= most ? (int)found : throw new CheckpointFormatException(
            $"{source}: not a safetensors file, or cut short: its first 8 bytes ask for a header of {found} bytes, expected 2 to {most}.");
    }
}
