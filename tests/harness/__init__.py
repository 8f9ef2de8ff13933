# What the tests around a running server are made of: the server, its database, its clients, a receiver.
